-- Replays, and rehearsals of what is only proposed: a run of a definition that no version holds, a run that goes by what another
-- run's tools answered, and, of each of its calls, which recorded one answered it.

ALTER TABLE "executions"
  ADD COLUMN "definition" JSONB,
  ADD COLUMN "replay_of" UUID,
  ADD CONSTRAINT "executions_replay_of_another" CHECK ("replay_of" IS NULL OR "mode" = 'replay'),
  DROP CONSTRAINT "executions_purged_without_payload",
  ADD CONSTRAINT "executions_purged_without_payload" CHECK (
    "purged_at" IS NULL OR ("input" IS NULL AND "output" IS NULL AND "trace" IS NULL AND "definition" IS NULL)
  );
ALTER TABLE "tool_calls" ADD COLUMN "answered_by" UUID;
ALTER TABLE "proposals" ADD COLUMN "rehearsal_id" UUID;

CREATE INDEX "executions_replay_of_idx" ON "executions" ("replay_of", "id") WHERE "replay_of" IS NOT NULL;

-- As before, and the definition goes with the other payloads.
CREATE OR REPLACE FUNCTION "guard_final_execution"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  permitted "executions" := OLD;
BEGIN
  permitted."metric_report_id" := NEW."metric_report_id";
  permitted."reported_to_core" := NEW."reported_to_core";
  IF NEW."skill_id" IS NULL THEN
    permitted."skill_id" := NULL;
  END IF;
  IF OLD."purged_at" IS NULL AND NEW."purged_at" IS NOT NULL THEN
    permitted."purged_at" := NEW."purged_at";
    permitted."input" := NULL;
    permitted."output" := NULL;
    permitted."trace" := NULL;
    permitted."definition" := NULL;
  END IF;
  IF NEW IS DISTINCT FROM permitted THEN
    RAISE EXCEPTION 'execution % has ended: its record does not change', OLD."id"
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'executions_final_immutable', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION "weigh_execution"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."payload_bytes" := "execution_payload_bytes"(NEW."id", NEW."input", NEW."output", NEW."trace")
    + coalesce(octet_length(NEW."definition"::text), 0);
  RETURN NEW;
END $$;

COMMENT ON COLUMN "executions"."definition" IS 'What ran where no version holds it: a proposal, or an edited draft. Its hash is skill_hash.';
COMMENT ON COLUMN "executions"."replay_of" IS 'Whose recorded tool results answered its calls.';
COMMENT ON COLUMN "tool_calls"."answered_by" IS 'In a replay: the recorded call whose result answered it.';
COMMENT ON COLUMN "proposals"."rehearsal_id" IS 'The last run in which it was rehearsed.';
