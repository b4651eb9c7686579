-- One index answers every combination of filters and text on finished executions (src/executions/search-executions.ts).
--
-- What an execution is filtered by stands in its search document beside its words: as words that begin with '=', which no
-- text yields. A page then asks for `word & facets & a stretch of time`, and GIN intersects the three without visiting what
-- lies outside the stretch: common words and rare ones take the same milliseconds. No extension is needed for it.

DROP INDEX "executions_search_idx";
DROP FUNCTION "execution_search_document"(jsonb, text);

-- Capped: a tsvector holds 1 MiB, and a long output must never make the final write fail. Not inlined, and dear, so that the
-- planner never computes it for rows that the index has not named. Immutable, although the cast of an enum is not: labels of
-- these enums are never renamed.
CREATE FUNCTION "execution_search_document"(
  "status" "execution_status", "mode" "execution_mode", "trigger" "trigger_type", "skill" text, "cost" numeric,
  "at" timestamptz, "input" jsonb, "output" text, "error" text
) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
DECLARE
  "utc" timestamp := "at" AT TIME ZONE 'UTC';
  "seconds" bigint := floor(extract(epoch FROM "utc"));
  "micros" text := ("cost" * 1000000)::bigint::text;
  "facets" text[] := ARRAY[
    '=status:' || "status"::text, '=mode:' || "mode"::text, '=trigger:' || "trigger"::text, '=skill:' || left("skill", 500),
    '=slot:' || "seconds" / 600, '=hour:' || "seconds" / 3600, '=day:' || "seconds" / 86400,
    '=month:' || to_char("utc", 'YYYY-MM'), '=year:' || to_char("utc", 'YYYY')
  ];
  "input_text" text := coalesce("input"::text, '');
BEGIN
  IF "micros" IS NOT NULL THEN
    -- The first digit and how many there are: 12345 millionths are '=cost:1e4'.
    "facets" := "facets" || ('=cost:' || left("micros", 1) || 'e' || length("micros") - 1);
  END IF;
  RETURN array_to_tsvector("facets")
    || to_tsvector('pg_catalog.simple', left(coalesce("output", ''), 50000) || ' ' || left(coalesce("error", ''), 5000))
    || CASE WHEN octet_length("input_text") <= 50000
         -- Values alone, as they are: in JSON's own text a line break would be a letter of the next word.
         THEN jsonb_to_tsvector('pg_catalog.simple', coalesce("input", 'null'), '["string", "numeric"]')
         ELSE to_tsvector('pg_catalog.simple', left("input_text", 50000))
       END;
END $$;

-- Without fastupdate: each search would read the list of what is not yet in the index, and an execution ends rarely enough
-- to pay for its own words. Finished rows alone, so that an execution is indexed once.
CREATE INDEX "executions_search_idx" ON "executions" USING gin ("execution_search_document"(
  "status", "mode", "trigger", "skill_slug", "cost_usd", "created_at", "input", "output", "error"
)) WITH (fastupdate = off) WHERE "completed_at" IS NOT NULL;
-- Statistics of words would change no plan, and cost ANALYZE the document of every row in its sample.
ALTER INDEX "executions_search_idx" ALTER COLUMN 1 SET STATISTICS 0;

-- Looks through one stretch of time after the other, the newest first, until `wanted` are found. The planner is left no choice
-- of index: what it could read instead stands outside of "hit". `starts` are the beginnings of the stretches, `words` what the
-- documents of each have; the first ends at "until".
CREATE FUNCTION "search_executions"(
  "asked" tsquery, "words" tsquery[], "starts" timestamptz[], "since" timestamptz, "until" timestamptz,
  "before_at" timestamptz, "before_id" uuid, "min_cost" numeric, "max_cost" numeric, "wanted" int
) RETURNS TABLE ("found_id" uuid) LANGUAGE plpgsql STABLE ROWS 50 AS $$
DECLARE
  "end" timestamptz := "until";
  "count" int;
  "missing" int := "wanted";
BEGIN
  FOR i IN 1 .. coalesce(array_length("words", 1), 0) LOOP
    RETURN QUERY
      WITH "hit" AS MATERIALIZED (
        SELECT "id", "created_at", "cost_usd" FROM "executions"
        WHERE "completed_at" IS NOT NULL AND "execution_search_document"(
          "status", "mode", "trigger", "skill_slug", "cost_usd", "created_at", "input", "output", "error"
        ) @@ ("asked" && "words"[i])
      )
      SELECT "id" FROM "hit"
      WHERE "created_at" >= greatest("starts"[i], "since") AND "created_at" < "end"
        AND ("created_at", "id") < ("before_at", "before_id")
        AND ("min_cost" IS NULL OR "cost_usd" >= "min_cost") AND ("max_cost" IS NULL OR "cost_usd" <= "max_cost")
      ORDER BY "created_at" DESC, "id" DESC LIMIT "missing";
    GET DIAGNOSTICS "count" = ROW_COUNT;
    "missing" := "missing" - "count";
    EXIT WHEN "missing" <= 0;
    "end" := "starts"[i];
  END LOOP;
END $$;
