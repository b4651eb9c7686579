-- Keys change while everything goes on (docs/security.md, "Rotation").

-- Which keys each process holds: null of a program that is older than this, and knows no others than those it began with.
ALTER TABLE "workers"
  ADD COLUMN "host" TEXT,
  ADD COLUMN "keys" INTEGER,
  ADD COLUMN "root_key" TEXT;

-- While and after data keys change: what is sealed anew is sealed under the newest, or refused. A process that has not heard
-- of it could otherwise write what nobody can open once the old key is gone. Refused as a serialization failure is, so that
-- the transaction is tried again: by then its process has heard.
CREATE TABLE "key_fence" (
    "singleton" BOOLEAN NOT NULL DEFAULT true,
    -- The beginning of every sealed value: `encrypted:` and the base64 of its first six bytes, the last four its data key.
    "begins" TEXT NOT NULL,

    CONSTRAINT "key_fence_pkey" PRIMARY KEY ("singleton")
);
ALTER TABLE "key_fence"
  ADD CONSTRAINT "key_fence_one_row" CHECK ("singleton"),
  ADD CONSTRAINT "key_fence_begins_sealed" CHECK ("begins" ~ '^encrypted:[A-Za-z0-9+/]{8}$');

-- Every sealed text in a value; what is not of our format is not looked at.
CREATE FUNCTION "sealed_texts"("value" jsonb) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT found #>> '{}' FROM jsonb_path_query("value", 'strict $.** ? (@.type() == "string" && @ starts with "encrypted:pwE")') AS found
$$;

-- What stays as it was may stay: it is sealed anew by whoever changes the keys. The argument is the column.
CREATE FUNCTION "refuse_old_data_key"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  former jsonb := 'null';
  present jsonb := to_jsonb(NEW) -> TG_ARGV[0];
  fence text := (SELECT "begins" FROM "key_fence");
BEGIN
  IF fence IS NULL THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    former := to_jsonb(OLD) -> TG_ARGV[0];
  END IF;
  IF EXISTS (
    SELECT FROM "sealed_texts"(present) AS sealed
    WHERE left(sealed, 18) <> fence AND sealed NOT IN (SELECT "sealed_texts"(former))
  ) THEN
    RAISE EXCEPTION 'the data keys were changed: what is sealed under an older one is not taken'
      USING ERRCODE = 'serialization_failure', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

-- The keyring is sealed under the root key.
CREATE TRIGGER "config_fenced" BEFORE INSERT OR UPDATE OF "value" ON "config" FOR EACH ROW
  WHEN (NEW."value" LIKE 'encrypted:%' AND NEW."key" NOT IN ('vm_encryption_secret', 'vm_encryption_secret_next'))
  EXECUTE FUNCTION "refuse_old_data_key"('value');
CREATE TRIGGER "connections_fenced" BEFORE INSERT OR UPDATE OF "config" ON "connections" FOR EACH ROW
  EXECUTE FUNCTION "refuse_old_data_key"('config');
CREATE TRIGGER "skills_fenced" BEFORE INSERT OR UPDATE OF "trigger_secret" ON "skills" FOR EACH ROW
  WHEN (NEW."trigger_secret" IS NOT NULL)
  EXECUTE FUNCTION "refuse_old_data_key"('trigger_secret');

-- A value that is sealed anew is the same secret: there is nothing to tell.
CREATE OR REPLACE FUNCTION "tell_of_secrets"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb;
BEGIN
  IF current_setting('alfred.sealed_anew', true) = 'on' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'DELETE' THEN
    changed := to_jsonb(OLD);
  ELSE
    changed := to_jsonb(NEW);
  END IF;
  INSERT INTO "secret_epoch" ("epoch") VALUES (1)
    ON CONFLICT ("singleton") DO UPDATE SET "epoch" = "secret_epoch"."epoch" + 1;
  PERFORM pg_notify('alfred_secrets', TG_TABLE_NAME || ':' || (changed ->> TG_ARGV[0]));
  RETURN NULL;
END $$;

-- Of what is on record the MAC alone may change: it says who wrote the row, and nothing of what is in it.
CREATE OR REPLACE FUNCTION "refuse_skill_version_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  permitted "skill_versions";
BEGIN
  IF TG_OP = 'UPDATE' THEN
    permitted := OLD;
    permitted."mac" := NEW."mac";
    IF NEW IS NOT DISTINCT FROM permitted THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a saved version of a skill does not change'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'skill_versions_immutable', TABLE = TG_TABLE_NAME;
END $$;

CREATE OR REPLACE FUNCTION "guard_final_execution"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  permitted "executions" := OLD;
BEGIN
  permitted."mac" := NEW."mac";
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
  END IF;
  IF NEW IS DISTINCT FROM permitted THEN
    RAISE EXCEPTION 'execution % has ended: its record does not change', OLD."id"
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'executions_final_immutable', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION "guard_done_step"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  permitted "execution_steps" := OLD;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    permitted."mac" := NEW."mac";
    -- Retention purges a step's output with its execution's.
    IF NEW."output" IS NULL AND EXISTS (
      SELECT FROM "executions" WHERE "id" = OLD."execution_id" AND "purged_at" IS NOT NULL
    ) THEN
      permitted."output" := NULL;
    END IF;
    IF NEW IS NOT DISTINCT FROM permitted THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'step % of execution % is done: its record does not change', OLD."step_id", OLD."execution_id"
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'execution_steps_done_immutable', TABLE = TG_TABLE_NAME;
END $$;

COMMENT ON TABLE "key_fence" IS 'One row, from the first change of data keys on: how every value begins that is sealed now.';
COMMENT ON COLUMN "workers"."keys" IS 'Which keyring it holds: counts up with each change of the keys.';
COMMENT ON COLUMN "workers"."root_key" IS 'The fingerprint of the root key that it opened the keyring with.';
