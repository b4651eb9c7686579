-- Bills that hold: tokens that can be ended, VMs and people that come and go, months that close, acts on record.

-- The operator's file has one token. Beside it stand named ones, each with a role; a session stands below the token it was
-- opened with, and a token below the one it was made with: what ends one ends all below it.
ALTER TABLE "access_tokens"
  ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'session',
  ADD COLUMN "name" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "role" TEXT,
  ADD COLUMN "parent_id" UUID;
UPDATE "access_tokens" SET "kind" = 'file' WHERE "user_id" IS NULL AND "expires_at" IS NULL;
UPDATE "access_tokens" SET "role" = 'operator' WHERE "user_id" IS NULL;
ALTER TABLE "access_tokens"
  ADD CONSTRAINT "access_tokens_kind" CHECK ("kind" IN ('file', 'named', 'session')),
  ADD CONSTRAINT "access_tokens_name_short" CHECK ("name" ~ '^[[:alnum:] ._-]{0,60}$'),
  ADD CONSTRAINT "access_tokens_role" CHECK ("role" IN ('operator', 'billing', 'support')),
  ADD CONSTRAINT "access_tokens_user_or_role" CHECK (("user_id" IS NULL) = ("role" IS NOT NULL)),
  ADD CONSTRAINT "access_tokens_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "access_tokens" ("id") ON DELETE CASCADE ON UPDATE NO ACTION;
CREATE INDEX "access_tokens_parent_id_idx" ON "access_tokens" ("parent_id");

-- The provider's own number for a customer. Whoever was billed stays on record when they are removed.
ALTER TABLE "users"
  ADD COLUMN "customer_number" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "removed_at" TIMESTAMPTZ(3),
  ADD CONSTRAINT "users_customer_number_short" CHECK ("customer_number" ~ '^([[:alnum:]][[:alnum:] ._/-]{0,39})?$');

ALTER TABLE "vms"
  ADD COLUMN "retired_at" TIMESTAMPTZ(3),
  ADD COLUMN "last_counter" BIGINT,
  ADD COLUMN "counted_reports" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "last_period_end" TIMESTAMPTZ(3),
  ADD COLUMN "copied_at" TIMESTAMPTZ(3),
  ADD COLUMN "clock_off_at" TIMESTAMPTZ(3);
UPDATE "vms" SET "last_period_end" = (SELECT max("period_end") FROM "metric_reports" WHERE "vm_id" = "vms"."id");

-- A VM that takes the place of another has its name and its owner; the other is retired by the enrolment.
ALTER TABLE "enrolments"
  ADD COLUMN "replaces_id" UUID,
  ADD CONSTRAINT "enrolments_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "vms" ("id") ON DELETE CASCADE ON UPDATE NO ACTION;
CREATE INDEX "enrolments_replaces_id_idx" ON "enrolments" ("replaces_id");

-- By day, and by whoever had the VM then; the nil UUID is nobody. Bounded, so that no VM makes a total of all inexact.
CREATE TABLE "daily_totals" (
  "vm_id" UUID NOT NULL,
  "day" DATE NOT NULL,
  "billed_to" UUID NOT NULL,
  "executions" BIGINT NOT NULL,
  "duration_ms" BIGINT NOT NULL,
  "tokens" BIGINT NOT NULL,
  CONSTRAINT "daily_totals_pkey" PRIMARY KEY ("vm_id", "day", "billed_to"),
  CONSTRAINT "daily_totals_vm_id_fkey" FOREIGN KEY ("vm_id") REFERENCES "vms" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
);
INSERT INTO "daily_totals"
SELECT r."vm_id", (greatest(r."period_start", r."period_end" - interval '1 millisecond') AT TIME ZONE 'UTC')::date,
  coalesce(v."owner_id", '00000000-0000-0000-0000-000000000000'),
  least(sum(r."executions"), 9007199254740991), least(sum(r."duration_ms"), 9007199254740991), least(sum(r."tokens"), 9007199254740991)
FROM "metric_reports" r JOIN "vms" v ON v."id" = r."vm_id" GROUP BY 1, 2, 3;
CREATE INDEX "daily_totals_day_idx" ON "daily_totals" ("day");
-- What stands is left as it is.
ALTER TABLE "daily_totals"
  ADD CONSTRAINT "daily_totals_bounded_executions" CHECK ("executions" BETWEEN 0 AND 100000000) NOT VALID,
  ADD CONSTRAINT "daily_totals_bounded_duration_ms" CHECK ("duration_ms" BETWEEN 0 AND 100000000000) NOT VALID,
  ADD CONSTRAINT "daily_totals_bounded_tokens" CHECK ("tokens" BETWEEN 0 AND 10000000000) NOT VALID;
DROP TABLE "monthly_totals";

CREATE TABLE "closed_months" (
  "month" DATE NOT NULL,
  "closed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "closed_months_pkey" PRIMARY KEY ("month"),
  CONSTRAINT "closed_months_first_day" CHECK (extract(day FROM "month") = 1)
);

-- What is no plain usage of an open month: `late`, reported when its month was closed, and `correction`, by a person, are
-- billed with the month `billed_in`; `early`, from before the VM was enrolled, is billed with none.
CREATE TABLE "entries" (
  "id" UUID NOT NULL,
  "vm_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "billed_in" DATE,
  "billed_to" UUID NOT NULL,
  "executions" BIGINT NOT NULL,
  "duration_ms" BIGINT NOT NULL,
  "tokens" BIGINT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "note" TEXT NOT NULL DEFAULT '',
  CONSTRAINT "entries_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "entries_kind" CHECK ("kind" IN ('late', 'early', 'correction')),
  CONSTRAINT "entries_billed_in" CHECK (("kind" = 'early') = ("billed_in" IS NULL) AND extract(day FROM "billed_in") = 1),
  CONSTRAINT "entries_bounded" CHECK (
    abs("executions") <= 100000000 AND abs("duration_ms") <= 100000000000 AND abs("tokens") <= 10000000000),
  CONSTRAINT "entries_negative" CHECK ("kind" = 'correction' OR ("executions" >= 0 AND "duration_ms" >= 0 AND "tokens" >= 0)),
  CONSTRAINT "entries_note_short" CHECK ("note" ~ '^[[:alnum:] ._-]{0,60}$'),
  CONSTRAINT "entries_vm_id_fkey" FOREIGN KEY ("vm_id") REFERENCES "vms" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
);
CREATE INDEX "entries_billed_in_idx" ON "entries" ("billed_in");
CREATE INDEX "entries_vm_id_idx" ON "entries" ("vm_id");

-- A closed month holds, whoever writes: neither its totals nor what is billed with it change.
CREATE FUNCTION "closed_months_hold"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched DATE := date_trunc('month', CASE WHEN TG_OP = 'DELETE' THEN OLD."day" ELSE NEW."day" END)::date;
BEGIN
  IF EXISTS (SELECT 1 FROM "closed_months" WHERE "month" = touched
             OR (TG_OP = 'UPDATE' AND "month" = date_trunc('month', OLD."day")::date)) THEN
    RAISE EXCEPTION 'a closed month does not change'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'closed_months_hold', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER "closed_months_hold" BEFORE INSERT OR UPDATE OR DELETE ON "daily_totals"
  FOR EACH ROW EXECUTE FUNCTION "closed_months_hold"();

CREATE FUNCTION "entries_hold"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' OR EXISTS (SELECT 1 FROM "closed_months" WHERE "month" = NEW."billed_in") THEN
    RAISE EXCEPTION 'an entry does not change, and none is made in a closed month'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'closed_months_hold', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "entries_hold" BEFORE INSERT OR UPDATE OR DELETE ON "entries"
  FOR EACH ROW EXECUTE FUNCTION "entries_hold"();

-- Who did what at Core: a chain, each act linked to the one before it.
CREATE TABLE "acts" (
  "seq" BIGINT NOT NULL,
  "id" UUID NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "actor" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "subject" TEXT,
  "data" JSONB NOT NULL,
  "chain" BYTEA NOT NULL,
  CONSTRAINT "acts_pkey" PRIMARY KEY ("seq"),
  CONSTRAINT "acts_seq_positive" CHECK ("seq" > 0),
  CONSTRAINT "acts_words" CHECK ("actor" ~ '^[a-z]+(:[0-9a-f-]{36})?$' AND "action" ~ '^[a-z_]+\.[a-z_]+$'
    AND "subject" ~ '^[0-9a-f-]{7,36}$' AND octet_length("data"::text) <= 1000),
  CONSTRAINT "acts_chain_length" CHECK (octet_length("chain") = 32)
);

CREATE FUNCTION "acts_stay"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an act on record does not change'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'acts_stay', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "acts_stay" BEFORE UPDATE OR DELETE ON "acts" FOR EACH ROW EXECUTE FUNCTION "acts_stay"();
CREATE TRIGGER "closed_months_stay" BEFORE UPDATE OR DELETE ON "closed_months"
  FOR EACH ROW EXECUTE FUNCTION "acts_stay"();
