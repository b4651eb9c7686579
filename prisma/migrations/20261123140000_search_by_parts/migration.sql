-- Two things that a million rows showed. The failures of one skill are what people look for most, and two large sets took long to
-- intersect: they have a facet of their own now. And each stretch costs as much as the rarest of what is asked for has rows in all, so
-- twelve months one by one were dear where there was nothing: after two months come quarters and then years, and a long stretch that
-- turns out to be full is looked through part by part.

DROP INDEX "executions_search_idx";

-- Capped: a tsvector holds 1 MiB, and a long output must never make the final write fail. Not inlined, and dear, so that the
-- planner never computes it for rows that the index has not named. Immutable, although the cast of an enum is not: labels of
-- these enums are never renamed.
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

CREATE INDEX "executions_search_idx" ON "executions" USING gin ("execution_search_document"(
  "status", "mode", "trigger", "skill_slug", "cost_usd", "created_at", "input", "output", "error"
)) WITH (fastupdate = off) WHERE "completed_at" IS NOT NULL;
ALTER INDEX "executions_search_idx" ALTER COLUMN 1 SET STATISTICS 0;

DROP FUNCTION "search_executions"(tsquery, tsquery[], timestamptz[], timestamptz, timestamptz, timestamptz, uuid, numeric, numeric, int);

-- The newest in one stretch of time, whose documents have "word". The planner is left no choice of index: what it could read
-- instead stands outside of "hit".
CREATE FUNCTION "search_stretch"(
  "asked" tsquery, "word" tsquery, "length" text, "since" timestamptz, "until" timestamptz,
  "before_at" timestamptz, "before_id" uuid, "min_cost" numeric, "max_cost" numeric, "wanted" int
) RETURNS TABLE ("found_id" uuid) LANGUAGE plpgsql STABLE ROWS 50 AS $$
DECLARE
  "part" text := CASE "length" WHEN 'year' THEN 'quarter' WHEN 'quarter' THEN 'month' WHEN 'month' THEN 'day' END;
  "end" timestamptz := "until";
  "start" timestamptz;
  "last" timestamptz;
  "count" int;
  "missing" int := "wanted";
BEGIN
  -- Up to so many are sorted sooner than they are looked for by parts.
  IF "part" IS NULL OR (
    SELECT count(*) FROM (
      SELECT FROM "executions"
      WHERE "completed_at" IS NOT NULL AND "execution_search_document"(
        "status", "mode", "trigger", "skill_slug", "cost_usd", "created_at", "input", "output", "error"
      ) @@ ("asked" && "word")
      LIMIT 401
    ) AS "probe"
  ) <= 400 THEN
    RETURN QUERY
      WITH "hit" AS MATERIALIZED (
        SELECT "id", "created_at", "cost_usd" FROM "executions"
        WHERE "completed_at" IS NOT NULL AND "execution_search_document"(
          "status", "mode", "trigger", "skill_slug", "cost_usd", "created_at", "input", "output", "error"
        ) @@ ("asked" && "word")
      )
      SELECT "id" FROM "hit"
      WHERE "created_at" >= "since" AND "created_at" < "until" AND ("created_at", "id") < ("before_at", "before_id")
        AND ("min_cost" IS NULL OR "cost_usd" >= "min_cost") AND ("max_cost" IS NULL OR "cost_usd" <= "max_cost")
      ORDER BY "created_at" DESC, "id" DESC LIMIT "wanted";
    RETURN;
  END IF;
  WHILE "end" > "since" AND "missing" > 0 LOOP
    "last" := "end" - interval '1 microsecond';
    "start" := greatest(date_trunc("part", "last", 'UTC'), "since");
    RETURN QUERY SELECT "stretch"."found_id" FROM "search_stretch"(
      "asked",
      CASE "part"
        WHEN 'day' THEN quote_literal('=day:' || floor(extract(epoch FROM "last") / 86400)::bigint)
        WHEN 'month' THEN quote_literal('=month:' || to_char("last" AT TIME ZONE 'UTC', 'YYYY-MM'))
        ELSE quote_literal('=quarter:' || to_char("last" AT TIME ZONE 'UTC', 'YYYY-Q'))
      END::tsquery,
      "part", "start", "end", "before_at", "before_id", "min_cost", "max_cost", "missing"
    ) AS "stretch";
    GET DIAGNOSTICS "count" = ROW_COUNT;
    "missing" := "missing" - "count";
    "end" := "start";
  END LOOP;
END $$;

-- Looks through one stretch of time after the other, the newest first, until "wanted" are found. "starts" are the beginnings of the
-- stretches, "lengths" what they are called, "words" what the documents of each have; the first ends at "until".
CREATE FUNCTION "search_executions"(
  "asked" tsquery, "words" tsquery[], "lengths" text[], "starts" timestamptz[], "since" timestamptz, "until" timestamptz,
  "before_at" timestamptz, "before_id" uuid, "min_cost" numeric, "max_cost" numeric, "wanted" int
) RETURNS TABLE ("found_id" uuid) LANGUAGE plpgsql STABLE ROWS 50 AS $$
DECLARE
  "end" timestamptz := "until";
  "count" int;
  "missing" int := "wanted";
BEGIN
  FOR i IN 1 .. coalesce(array_length("words", 1), 0) LOOP
    RETURN QUERY SELECT "stretch"."found_id" FROM "search_stretch"(
      "asked", "words"[i], "lengths"[i], greatest("starts"[i], "since"), "end",
      "before_at", "before_id", "min_cost", "max_cost", "missing"
    ) AS "stretch";
    GET DIAGNOSTICS "count" = ROW_COUNT;
    "missing" := "missing" - "count";
    EXIT WHEN "missing" <= 0;
    "end" := "starts"[i];
  END LOOP;
END $$;
