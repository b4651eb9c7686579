-- Reports to Core are counted, and their ids follow from what they count: ids say nothing of their order any more.
ALTER TABLE "metric_reports"
  ADD COLUMN "seq" BIGINT,
  ADD COLUMN "vm_id" UUID,
  ADD COLUMN "refused_at" TIMESTAMPTZ(3);
UPDATE "metric_reports" SET "seq" = "ordered"."seq"
FROM (SELECT "id", row_number() OVER (ORDER BY "id") AS "seq" FROM "metric_reports") AS "ordered"
WHERE "ordered"."id" = "metric_reports"."id";
ALTER TABLE "metric_reports" ALTER COLUMN "seq" SET NOT NULL;
CREATE UNIQUE INDEX "metric_reports_seq_key" ON "metric_reports" ("seq");

DROP INDEX "metric_reports_waiting_idx";
CREATE INDEX "metric_reports_waiting_idx" ON "metric_reports" ("seq")
  WHERE "acknowledged_at" IS NULL AND "abandoned_at" IS NULL;

-- An execution is counted once, whoever asks; but in a report that Core refused, as another has its number, it is in none.
CREATE OR REPLACE FUNCTION "executions_counted_once"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD."metric_report_id" IS NOT NULL AND NEW."metric_report_id" IS DISTINCT FROM OLD."metric_report_id"
      AND NOT (NEW."metric_report_id" IS NULL AND NOT OLD."reported_to_core"
        AND EXISTS (SELECT 1 FROM "metric_reports" WHERE "id" = OLD."metric_report_id" AND "refused_at" IS NOT NULL)))
     OR (OLD."reported_to_core" AND NOT NEW."reported_to_core") THEN
    RAISE EXCEPTION 'an execution is counted in one report only'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'executions_counted_once', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
