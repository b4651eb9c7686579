-- Retention: what an execution's payloads take, so that the oldest can be dropped once all of them take too much; and the last
-- gap in what a finished record permits: tool calls.

ALTER TABLE "executions" ADD COLUMN "payload_bytes" BIGINT;

-- As text, before compression: input, output, trace, events, steps and tool calls.
CREATE FUNCTION "execution_payload_bytes"("execution" uuid, "input" jsonb, "output" text, "trace" jsonb) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT coalesce(octet_length("input"::text), 0) + coalesce(octet_length("output"), 0) + coalesce(octet_length("trace"::text), 0)
    + (SELECT coalesce(sum(octet_length("data"::text)), 0) FROM "execution_events" WHERE "execution_id" = "execution")
    + (SELECT coalesce(sum(octet_length("execution_steps"."output")), 0) FROM "execution_steps" WHERE "execution_id" = "execution")
    + (SELECT coalesce(sum(octet_length("arguments"::text) + coalesce(octet_length("result"::text), 0)), 0)
       FROM "tool_calls" WHERE "execution_id" = "execution")
$$;

ALTER TABLE "executions" DISABLE TRIGGER "executions_final_immutable";
UPDATE "executions" SET "payload_bytes" = "execution_payload_bytes"("id", "input", "output", "trace")
  WHERE "completed_at" IS NOT NULL AND "purged_at" IS NULL;
ALTER TABLE "executions" ENABLE TRIGGER "executions_final_immutable";

CREATE FUNCTION "weigh_execution"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."payload_bytes" := "execution_payload_bytes"(NEW."id", NEW."input", NEW."output", NEW."trace");
  RETURN NEW;
END $$;
CREATE TRIGGER "executions_weighed_at_insert" BEFORE INSERT ON "executions"
  FOR EACH ROW WHEN (NEW."completed_at" IS NOT NULL) EXECUTE FUNCTION "weigh_execution"();
CREATE TRIGGER "executions_weighed_at_end" BEFORE UPDATE ON "executions"
  FOR EACH ROW WHEN (NEW."completed_at" IS NOT NULL AND OLD."completed_at" IS NULL) EXECUTE FUNCTION "weigh_execution"();

-- The oldest first, and the sum of all without a look at the rows.
CREATE INDEX "executions_unpurged_idx" ON "executions" ("completed_at", "id") INCLUDE ("payload_bytes")
  WHERE "completed_at" IS NOT NULL AND "purged_at" IS NULL;

-- A call that has ended changes in one way only: its payloads go, once its execution is purged.
CREATE OR REPLACE FUNCTION "guard_tool_call"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  permitted "tool_calls" := OLD;
BEGIN
  IF OLD."status" IN ('done', 'failed', 'denied') THEN
    IF NEW."execution_id" IS NULL THEN
      permitted."execution_id" := NULL;
    END IF;
    IF NEW."arguments" = 'null' AND NEW."result" IS NULL AND NEW."error" IS NULL AND EXISTS (
      SELECT FROM "executions" WHERE "id" = OLD."execution_id" AND "purged_at" IS NOT NULL
    ) THEN
      permitted."arguments" := 'null';
      permitted."result" := NULL;
      permitted."error" := NULL;
    END IF;
    IF NEW IS NOT DISTINCT FROM permitted THEN
      RETURN NEW;
    END IF;
  ELSIF (NEW."id", NEW."connection", NEW."tool", NEW."arguments_hash", NEW."created_at")
     IS NOT DISTINCT FROM (OLD."id", OLD."connection", OLD."tool", OLD."arguments_hash", OLD."created_at")
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'tool call % is on record: what was asked and how it ended does not change', OLD."id"
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'tool_calls_recorded', TABLE = TG_TABLE_NAME;
END $$;

COMMENT ON COLUMN "executions"."payload_bytes" IS 'What its input, output, trace, events, steps and tool calls take as text; of a purged one, what they took.';
