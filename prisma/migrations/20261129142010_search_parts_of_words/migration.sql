-- What a person looks for is often a part of what PostgreSQL takes for one word: the name in `file_name.txt`, the folder in
-- `/srv/data`, the shop in `shop.example.com`, and in scripts that set no blanks between words, every word there is. Search documents
-- have these parts as well: those of joined words as words, those of such scripts as each two letters that stand side by side.

DROP INDEX "executions_search_idx";

-- As before (20261123140000_search_by_parts), with the parts of words behind them. It calls no function of ours: while an index is made,
-- PostgreSQL finds none.
CREATE OR REPLACE FUNCTION "execution_search_document"(
  "status" "execution_status", "mode" "execution_mode", "trigger" "trigger_type", "skill" text, "cost" numeric,
  "at" timestamptz, "input" jsonb, "output" text, "error" text
) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
DECLARE
  "utc" timestamp := "at" AT TIME ZONE 'UTC';
  "seconds" bigint := floor(extract(epoch FROM "utc"));
  "micros" text := ("cost" * 1000000)::bigint::text;
  "facets" text[] := ARRAY[
    '=status:' || "status"::text, '=mode:' || "mode"::text, '=trigger:' || "trigger"::text, '=skill:' || left("skill", 500),
    '=skill-status:' || "status"::text || ':' || left("skill", 500),
    '=slot:' || "seconds" / 600, '=hour:' || "seconds" / 3600, '=day:' || "seconds" / 86400,
    '=month:' || to_char("utc", 'YYYY-MM'), '=quarter:' || to_char("utc", 'YYYY-Q'), '=year:' || to_char("utc", 'YYYY')
  ];
  "input_text" text := coalesce("input"::text, '');
  "is_short" boolean := octet_length("input_text") <= 50000;
  "said" text := left(coalesce("output", ''), 50000) || ' ' || left(coalesce("error", ''), 5000);
  "given" text := coalesce(CASE WHEN "is_short"
      THEN (
        -- All texts in it, without JSON's own marks and escapes.
        SELECT string_agg("part" #>> '{}', ' ') FROM jsonb_path_query("input", 'strict $.**') AS "part"
        WHERE jsonb_typeof("part") = 'string'
      )
      ELSE left("input_text", 50000)
    END, '');
  -- Thai, Lao, Burmese, Khmer, Chinese, Japanese and Korean.
  "unspaced" text := '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]';
  "one" text;
BEGIN
  IF "micros" IS NOT NULL THEN
    -- The first digit and how many there are: 12345 millionths are '=cost:1e4'.
    "facets" := "facets" || ('=cost:' || left("micros", 1) || 'e' || length("micros") - 1);
  END IF;
  FOREACH "one" IN ARRAY ARRAY["said", "given"] LOOP
    CONTINUE WHEN "one" !~ "unspaced";
    -- Each letter with the one behind it, and the last of a run alone: then the beginnings of these are all of its letters. At most so
    -- many that the document stays within what PostgreSQL can hold.
    "facets" := "facets" || (
      SELECT coalesce(array_agg(DISTINCT "letter" || CASE WHEN "next" ~ "unspaced" THEN "next" ELSE '' END), '{}')
      FROM (
        SELECT "letter", lead("letter") OVER (ORDER BY "place") AS "next"
        FROM unnest(string_to_array(left("one", 25000), NULL)) WITH ORDINALITY AS "all" ("letter", "place")
      ) AS "pair"
      WHERE "letter" ~ "unspaced"
    );
  END LOOP;
  RETURN array_to_tsvector("facets")
    || to_tsvector('pg_catalog.simple', "said")
    || CASE WHEN "is_short"
         -- Values alone, as they are: in JSON's own text a line break would be a letter of the next word.
         THEN jsonb_to_tsvector('pg_catalog.simple', coalesce("input", 'null'), '["string", "numeric"]')
         ELSE to_tsvector('pg_catalog.simple', "given")
       END
    -- What is between the marks of joined words.
    || coalesce(to_tsvector('pg_catalog.simple', (
         SELECT string_agg(translate("word", './\_:@=&?#', '          '), ' ')
         FROM regexp_split_to_table("said" || ' ' || "given", '\s+') AS "word"
         WHERE "word" ~ '[./\\_:@=&?#][^./\\_:@=&?#]'
       )), '');
END $$;

CREATE INDEX "executions_search_idx" ON "executions" USING gin ("execution_search_document"(
  "status", "mode", "trigger", "skill_slug", "cost_usd", "created_at", "input", "output", "error"
)) WITH (fastupdate = off) WHERE "completed_at" IS NOT NULL;
ALTER INDEX "executions_search_idx" ALTER COLUMN 1 SET STATISTICS 0;
