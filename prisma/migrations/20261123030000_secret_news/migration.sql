-- Every process of a VM learns of new secrets, so that it redacts them, and of connections that changed, so that it ends the
-- servers it keeps warm under the old form. A notification tells at once; the epoch tells whoever asks before it stores
-- something whether it missed one. It counts up at the very end of a transaction, which then waits for nobody any more.

CREATE TABLE "secret_epoch" (
    "singleton" BOOLEAN NOT NULL DEFAULT true,
    "epoch" BIGINT NOT NULL,

    CONSTRAINT "secret_epoch_pkey" PRIMARY KEY ("singleton")
);
ALTER TABLE "secret_epoch" ADD CONSTRAINT "secret_epoch_one_row" CHECK ("singleton");

-- Payload `<table>:<name>`. The argument is the column that names the row.
CREATE FUNCTION "tell_of_secrets"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb;
BEGIN
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

CREATE CONSTRAINT TRIGGER "config_tells_of_new_secrets" AFTER INSERT ON "config"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."value" LIKE 'encrypted:%')
  EXECUTE FUNCTION "tell_of_secrets"('key');
CREATE CONSTRAINT TRIGGER "config_tells_of_other_secrets" AFTER UPDATE ON "config"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW."value" LIKE 'encrypted:%' AND NEW."value" IS DISTINCT FROM OLD."value")
  EXECUTE FUNCTION "tell_of_secrets"('key');

CREATE CONSTRAINT TRIGGER "skills_tell_of_new_secrets" AFTER INSERT ON "skills"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."trigger_secret" IS NOT NULL)
  EXECUTE FUNCTION "tell_of_secrets"('slug');
CREATE CONSTRAINT TRIGGER "skills_tell_of_other_secrets" AFTER UPDATE ON "skills"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW."trigger_secret" IS NOT NULL AND NEW."trigger_secret" IS DISTINCT FROM OLD."trigger_secret")
  EXECUTE FUNCTION "tell_of_secrets"('slug');

-- Not of health and use, which change all the time.
CREATE CONSTRAINT TRIGGER "connections_tell_of_themselves" AFTER INSERT OR DELETE ON "connections"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_secrets"('name');
CREATE CONSTRAINT TRIGGER "connections_tell_of_changes" AFTER UPDATE ON "connections"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((NEW."config", NEW."is_active", NEW."approved_hash", NEW."tool_catalog")
    IS DISTINCT FROM (OLD."config", OLD."is_active", OLD."approved_hash", OLD."tool_catalog"))
  EXECUTE FUNCTION "tell_of_secrets"('name');

COMMENT ON TABLE "secret_epoch" IS 'One row. Counts up with every change of a secret or a connection, so that each process can tell whether it knows them all.';
