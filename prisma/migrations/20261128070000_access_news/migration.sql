-- Who watches a stream of events may lose what let them in: their token is revoked, their session closed, their scopes or their
-- time are others, the link to Core goes. Whoever serves streams hears of it at once, whichever process did it.

-- The payload is the id of the token or the session.
CREATE FUNCTION "tell_of_access"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('alfred_access', OLD."id"::text);
  RETURN NULL;
END $$;

-- Every column counts but the one that says when it was used, which changes while somebody watches.
CREATE TRIGGER "access_tokens_tell_of_changes" AFTER UPDATE ON "access_tokens" FOR EACH ROW
  WHEN (to_jsonb(OLD) - 'last_used_at' IS DISTINCT FROM to_jsonb(NEW) - 'last_used_at')
  EXECUTE FUNCTION "tell_of_access"();
CREATE TRIGGER "access_tokens_tell_of_removal" AFTER DELETE ON "access_tokens" FOR EACH ROW
  EXECUTE FUNCTION "tell_of_access"();
CREATE TRIGGER "sessions_tell_of_changes" AFTER UPDATE ON "sessions" FOR EACH ROW
  WHEN (to_jsonb(OLD) - 'last_used_at' IS DISTINCT FROM to_jsonb(NEW) - 'last_used_at')
  EXECUTE FUNCTION "tell_of_access"();
CREATE TRIGGER "sessions_tell_of_removal" AFTER DELETE ON "sessions" FOR EACH ROW
  EXECUTE FUNCTION "tell_of_access"();

-- What admits the users of Core is in the config: the link, its key, and what they may do. The payload is `core`.
CREATE FUNCTION "tell_of_core_access"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(NEW."key", OLD."key") IN (
    'core_url', 'core_issuer', 'core_vm_id', 'alfred_core_public_key', 'core_token_scopes'
  ) THEN
    PERFORM pg_notify('alfred_access', 'core');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "config_tells_of_core_access" AFTER INSERT OR UPDATE OR DELETE ON "config" FOR EACH ROW
  EXECUTE FUNCTION "tell_of_core_access"();
