-- The link to Alfred Core: the exact bytes of every report, and which tokens of Core were used.

CREATE TABLE "metric_reports" (
  "id" UUID NOT NULL,
  "body" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_error" TEXT,
  "acknowledged_at" TIMESTAMPTZ(3),
  "abandoned_at" TIMESTAMPTZ(3),
  CONSTRAINT "metric_reports_pkey" PRIMARY KEY ("id")
);

-- Not even a mistake of ours can put more into a report than the founding document allows.
ALTER TABLE "metric_reports"
  ADD CONSTRAINT "metric_reports_body_closed" CHECK (
    "body" ~ '^\{"reportId":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}","periodStart":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","periodEnd":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","executions":\d{1,16},"durationMs":\d{1,16},"tokens":\d{1,16}\}$'
  ),
  ADD CONSTRAINT "metric_reports_body_names_id" CHECK ("body" LIKE '{"reportId":"' || "id"::text || '"%'),
  ADD CONSTRAINT "metric_reports_attempts_not_negative" CHECK ("attempts" >= 0),
  ADD CONSTRAINT "metric_reports_one_end" CHECK ("acknowledged_at" IS NULL OR "abandoned_at" IS NULL);

CREATE INDEX "metric_reports_waiting_idx" ON "metric_reports" ("id")
  WHERE "acknowledged_at" IS NULL AND "abandoned_at" IS NULL;
CREATE INDEX "executions_metric_report_idx" ON "executions" ("metric_report_id")
  WHERE "metric_report_id" IS NOT NULL;

-- What was sent is what is kept.
CREATE FUNCTION "metric_reports_stay"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW."id" <> OLD."id" OR NEW."body" <> OLD."body"
     OR (OLD."acknowledged_at" IS NOT NULL AND NEW."acknowledged_at" IS DISTINCT FROM OLD."acknowledged_at") THEN
    RAISE EXCEPTION 'a metric report does not change: Core may have it'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'metric_reports_stay', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "metric_reports_stay" BEFORE UPDATE OR DELETE ON "metric_reports"
  FOR EACH ROW EXECUTE FUNCTION "metric_reports_stay"();

-- An execution is counted once, whoever asks.
CREATE FUNCTION "executions_counted_once"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD."metric_report_id" IS NOT NULL AND NEW."metric_report_id" IS DISTINCT FROM OLD."metric_report_id")
     OR (OLD."reported_to_core" AND NOT NEW."reported_to_core") THEN
    RAISE EXCEPTION 'an execution is counted in one report only'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'executions_counted_once', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "executions_counted_once" BEFORE UPDATE OF "metric_report_id", "reported_to_core" ON "executions"
  FOR EACH ROW EXECUTE FUNCTION "executions_counted_once"();

COMMENT ON TABLE "metric_reports" IS 'Every report to Alfred Core, with the exact bytes: three integers in an envelope of an id and two times.';

-- Tokens of Core are good for one use: a SHA-256 of issuer and jti, kept until the token would have expired.
CREATE TABLE "seen_tokens" (
  "token_hash" BYTEA NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "seen_tokens_pkey" PRIMARY KEY ("token_hash"),
  CONSTRAINT "seen_tokens_hash_length" CHECK (octet_length("token_hash") = 32)
);
CREATE INDEX "seen_tokens_expires_at_idx" ON "seen_tokens" ("expires_at");
