-- A long stretch was probed, and what is rare in it was then looked for once more: the probe's own rows are the answer now.

CREATE OR REPLACE FUNCTION "search_stretch"(
  "asked" tsquery, "word" tsquery, "length" text, "since" timestamptz, "until" timestamptz,
  "before_at" timestamptz, "before_id" uuid, "min_cost" numeric, "max_cost" numeric, "wanted" int
) RETURNS TABLE ("found_id" uuid) LANGUAGE plpgsql STABLE ROWS 50 AS $$
DECLARE
  "part" text := CASE "length" WHEN 'year' THEN 'quarter' WHEN 'quarter' THEN 'month' WHEN 'month' THEN 'day' END;
  -- Up to so many are sorted sooner than they are looked for by parts. A short stretch has no parts.
  "most" int := CASE WHEN "part" IS NOT NULL THEN 400 END;
  "ids" uuid[];
  "times" timestamptz[];
  "costs" numeric[];
  "end" timestamptz := "until";
  "start" timestamptz;
  "last" timestamptz;
  "count" int;
  "missing" int := "wanted";
BEGIN
  SELECT array_agg("hit"."id"), array_agg("hit"."created_at"), array_agg("hit"."cost_usd")
  INTO "ids", "times", "costs" FROM (
    SELECT "id", "created_at", "cost_usd" FROM "executions"
    WHERE "completed_at" IS NOT NULL AND "execution_search_document"(
      "status", "mode", "trigger", "skill_slug", "cost_usd", "created_at", "input", "output", "error"
    ) @@ ("asked" && "word")
    LIMIT "most" + 1
  ) AS "hit";
  IF "most" IS NULL OR coalesce(cardinality("ids"), 0) <= "most" THEN
    RETURN QUERY
      SELECT "hit"."id" FROM unnest("ids", "times", "costs") AS "hit" ("id", "at", "cost")
      WHERE "hit"."at" >= "since" AND "hit"."at" < "until" AND ("hit"."at", "hit"."id") < ("before_at", "before_id")
        AND ("min_cost" IS NULL OR "hit"."cost" >= "min_cost") AND ("max_cost" IS NULL OR "hit"."cost" <= "max_cost")
      ORDER BY "hit"."at" DESC, "hit"."id" DESC LIMIT "wanted";
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
