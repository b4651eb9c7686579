-- Where the owner is told of what happens (docs/operations.md, "Notices"): channels, and what each of them is still to be told.

CREATE TABLE "notice_channels" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "config" JSONB NOT NULL DEFAULT '{}',
    "secrets" JSONB NOT NULL DEFAULT '{}',
    "rules" JSONB NOT NULL DEFAULT '{}',
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "place" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "retry_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "last_delivered_at" TIMESTAMPTZ(3),
    "last_digest_at" TIMESTAMPTZ(3),
    "told_of_failure" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "mac" BYTEA,

    CONSTRAINT "notice_channels_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notice_channels_config_object" CHECK (jsonb_typeof("config") = 'object'),
    CONSTRAINT "notice_channels_rules_object" CHECK (jsonb_typeof("rules") = 'object'),
    CONSTRAINT "notice_channels_secrets_sealed" CHECK (jsonb_typeof("secrets") = 'object'
      AND NOT jsonb_path_exists("secrets", '$.* ? (!(@ starts with "encrypted:") || (@ starts with "encrypted:") is unknown)')),
    CONSTRAINT "notice_channels_failures_not_negative" CHECK ("failures" >= 0)
);
CREATE UNIQUE INDEX "notice_channels_name_key" ON "notice_channels"("name");

-- A row for each notice and channel. What is delivered, or given up, stays for two weeks.
CREATE TABLE "notice_deliveries" (
    "id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "notice_id" UUID NOT NULL,
    "notice" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_deliveries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notice_deliveries_status" CHECK ("status" IN ('waiting', 'delivered', 'given_up')),
    CONSTRAINT "notice_deliveries_settled" CHECK (("status" = 'waiting') = ("settled_at" IS NULL))
);
CREATE UNIQUE INDEX "notice_deliveries_channel_id_notice_id_key" ON "notice_deliveries"("channel_id", "notice_id");
CREATE INDEX "notice_deliveries_waiting_idx" ON "notice_deliveries"("channel_id", "at", "id") WHERE "status" = 'waiting';
ALTER TABLE "notice_deliveries" ADD CONSTRAINT "notice_deliveries_channel_id_fkey" FOREIGN KEY ("channel_id")
    REFERENCES "notice_channels"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- Its secrets are as all secrets are: told to every process, and sealed under the key in use.
CREATE CONSTRAINT TRIGGER "notice_channels_tell_of_new_secrets" AFTER INSERT ON "notice_channels"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_secrets"('name');
CREATE CONSTRAINT TRIGGER "notice_channels_tell_of_other_secrets" AFTER UPDATE ON "notice_channels"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."secrets" IS DISTINCT FROM OLD."secrets")
  EXECUTE FUNCTION "tell_of_secrets"('name');
CREATE TRIGGER "notice_channels_fenced" BEFORE INSERT OR UPDATE OF "secrets" ON "notice_channels" FOR EACH ROW
  EXECUTE FUNCTION "refuse_old_data_key"('secrets');

COMMENT ON TABLE "notice_channels" IS 'Where the owner is told of what happens.';
COMMENT ON COLUMN "notice_channels"."secrets" IS
  'By the fields of its kind, each sealed with AES-256-GCM (encrypted at rest) as "encrypted:<base64>", enforced by notice_channels_secrets_sealed.';
COMMENT ON COLUMN "notice_channels"."place" IS 'Where notices go, for people; no secret is in it.';
COMMENT ON TABLE "notice_deliveries" IS 'What each channel is still to be told, and what it was told.';
COMMENT ON COLUMN "notice_deliveries"."notice" IS 'What happened, redacted; how much of it is sent is the channel''s.';

-- What was told once, and is not told again: a budget's period, a trouble of the model.
CREATE TABLE "notice_marks" (
    "subject" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notice_marks_pkey" PRIMARY KEY ("subject")
);
COMMENT ON TABLE "notice_marks" IS 'Troubles that the owner was told of: each is told once.';
