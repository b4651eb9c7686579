-- The audit chain (docs/security.md, "The audit chain") and the uses of secrets.
--
-- An act writes its event into audit_inbox, in its own transaction. One appender moves what was committed there into
-- audit_events, numbered without gaps and chained: so that no act waits for another one's commit.

CREATE TABLE "audit_inbox" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "data" JSONB NOT NULL,

    CONSTRAINT "audit_inbox_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_events" (
    "seq" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "data" JSONB,
    "payload_hash" BYTEA NOT NULL,
    "chain" BYTEA NOT NULL,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("seq")
);

CREATE TABLE "audit_head" (
    "one" BOOLEAN NOT NULL DEFAULT true,
    "seq" BIGINT NOT NULL,
    "chain" BYTEA NOT NULL,
    "epoch" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("one")
);

CREATE TABLE "audit_checkpoints" (
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "head" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "previous" BYTEA,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "audit_checkpoints_pkey" PRIMARY KEY ("number")
);

-- Aggregated: a row for each secret, execution, step and destination.
CREATE TABLE "secret_uses" (
    "id" UUID NOT NULL,
    "place_table" TEXT NOT NULL,
    "place_row" TEXT NOT NULL,
    "place_pointer" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "execution_id" UUID,
    "step_id" INTEGER,
    "destination" TEXT NOT NULL,
    "first_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "uses" BIGINT NOT NULL DEFAULT 1,

    CONSTRAINT "secret_uses_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "audit_events_id_key" ON "audit_events"("id");
CREATE INDEX "audit_events_subject_action_idx" ON "audit_events"("subject", "action");
CREATE INDEX "audit_events_action_seq_idx" ON "audit_events"("action", "seq" DESC);
CREATE INDEX "secret_uses_label_last_used_at_idx" ON "secret_uses"("label", "last_used_at" DESC);
CREATE INDEX "secret_uses_execution_id_idx" ON "secret_uses"("execution_id");

-- As src/audit/record-secret-uses.ts names it in ON CONFLICT.
CREATE UNIQUE INDEX "secret_uses_once_idx" ON "secret_uses" (
  "place_table", "place_row", "place_pointer",
  (coalesce("execution_id", '00000000-0000-0000-0000-000000000000'::uuid)), (coalesce("step_id", 0)), "destination"
);

ALTER TABLE "audit_inbox" ADD CONSTRAINT "audit_inbox_data_object" CHECK (jsonb_typeof("data") = 'object');
ALTER TABLE "audit_events"
  ADD CONSTRAINT "audit_events_seq_positive" CHECK ("seq" >= 1),
  ADD CONSTRAINT "audit_events_data_object" CHECK (jsonb_typeof("data") = 'object'),
  ADD CONSTRAINT "audit_events_hashes_sha256" CHECK (octet_length("payload_hash") = 32 AND octet_length("chain") = 32);
ALTER TABLE "audit_head"
  ADD CONSTRAINT "audit_head_one" CHECK ("one"),
  ADD CONSTRAINT "audit_head_seq_not_negative" CHECK ("seq" >= 0),
  ADD CONSTRAINT "audit_head_chain_sha256" CHECK (octet_length("chain") = 32);
ALTER TABLE "audit_checkpoints"
  ADD CONSTRAINT "audit_checkpoints_number_positive" CHECK ("number" >= 1),
  ADD CONSTRAINT "audit_checkpoints_kind_known" CHECK ("kind" IN ('checkpoint', 'restored')),
  ADD CONSTRAINT "audit_checkpoints_hashes_sha256" CHECK (octet_length("head") = 32 AND octet_length("previous") = 32);

CREATE FUNCTION "guard_audit_event"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  permitted "audit_events";
BEGIN
  IF TG_LEVEL = 'ROW' AND TG_OP = 'UPDATE' THEN
    -- Pruning drops a payload; its hash stays.
    permitted := OLD;
    IF NEW."data" IS NULL THEN
      permitted."data" := NULL;
    END IF;
    IF NEW IS NOT DISTINCT FROM permitted THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit events are appended: they neither change nor go'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_events_append_only', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "audit_events_append_only_row" BEFORE UPDATE OR DELETE ON "audit_events"
  FOR EACH ROW EXECUTE FUNCTION "guard_audit_event"();
CREATE TRIGGER "audit_events_append_only_table" BEFORE TRUNCATE ON "audit_events"
  FOR EACH STATEMENT EXECUTE FUNCTION "guard_audit_event"();

CREATE FUNCTION "refuse_audit_checkpoint_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a signed checkpoint neither changes nor goes'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_checkpoints_immutable', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "audit_checkpoints_immutable_row" BEFORE UPDATE OR DELETE ON "audit_checkpoints"
  FOR EACH ROW EXECUTE FUNCTION "refuse_audit_checkpoint_change"();
CREATE TRIGGER "audit_checkpoints_immutable_table" BEFORE TRUNCATE ON "audit_checkpoints"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_checkpoint_change"();

CREATE FUNCTION "guard_audit_head"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW."seq" >= OLD."seq" AND NEW."epoch" >= OLD."epoch" THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the head of the audit chain goes forward alone'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_head_forward', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "audit_head_forward" BEFORE UPDATE OR DELETE ON "audit_head"
  FOR EACH ROW EXECUTE FUNCTION "guard_audit_head"();

-- What was on record before there was a chain is taken into it as it stands.
INSERT INTO "audit_inbox" ("id", "at", "actor", "action", "subject", "data")
  SELECT gen_random_uuid(), now(), 'system', 'execution.queued', "id"::text, '{"adopted": true}'::jsonb
  FROM "executions";
INSERT INTO "audit_inbox" ("id", "at", "actor", "action", "subject", "data")
  SELECT gen_random_uuid(), now(), 'system', 'execution.finished', "id"::text,
    jsonb_build_object('adopted', true, 'status', "status", 'contentHash', encode("content_hash", 'hex'))
  FROM "executions" WHERE "completed_at" IS NOT NULL;

COMMENT ON TABLE "audit_inbox" IS 'Acts that are committed and not yet chained: a second''s worth at most while the VM runs.';
COMMENT ON TABLE "audit_events" IS 'Who did what, hash-chained without gaps; appended alone. "data" may be dropped by pruning, its hash stays.';
COMMENT ON TABLE "audit_head" IS 'The last event of the audit chain; locked while events are appended.';
COMMENT ON TABLE "audit_checkpoints" IS 'Signed statements of how far the chain had come; the same stand in a file outside the database.';
COMMENT ON TABLE "secret_uses" IS 'Which secret was used by which execution and step, towards where. No value is in it.';
