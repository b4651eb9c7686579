-- What the database itself enforces, because the record must hold even against our own bugs. PostgreSQL 14 and newer.
-- A refusal names its constraint (src/database/violations.ts reads it): keep the names.

-- Raw INSERTs, the founding document's among them, need not know of updated_at.
ALTER TABLE "connections" ALTER COLUMN "updated_at" SET DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "skills" ALTER COLUMN "updated_at" SET DEFAULT CURRENT_TIMESTAMP;

-- Lists are empty, never null.
ALTER TABLE "connections" ALTER COLUMN "tools" SET NOT NULL;
ALTER TABLE "skills" ALTER COLUMN "connection_names" SET NOT NULL;
ALTER TABLE "access_tokens" ALTER COLUMN "scopes" SET NOT NULL;

-- config: every value says whether it is sealed, and what names a secret is sealed ---------------------------------

ALTER TABLE "config"
  ADD CONSTRAINT "config_key_format" CHECK ("key" ~ '^[a-z][a-z0-9_]{0,63}$'),
  ADD CONSTRAINT "config_value_form" CHECK ("value" LIKE 'encrypted:%' OR "value" LIKE 'plain:%'),
  -- The VM's own two secrets alone may arrive as plain:, as the founding document has them; they are sealed at the next boot.
  ADD CONSTRAINT "config_secrets_sealed" CHECK (
    "value" LIKE 'encrypted:%'
    OR "key" IN ('vm_auth_secret', 'vm_encryption_secret')
    OR "key" !~ '_(secret|key|token|password)$'
    OR "key" ~ '_public_key$'
  );

CREATE FUNCTION "refuse_vault_id_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the vault id does not change: every sealed value is bound to it'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'config_vault_id_stays', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "config_vault_id_stays_update" BEFORE UPDATE ON "config"
  FOR EACH ROW WHEN (OLD."key" = 'vault_id' AND (NEW."key", NEW."value") IS DISTINCT FROM (OLD."key", OLD."value"))
  EXECUTE FUNCTION "refuse_vault_id_change"();
CREATE TRIGGER "config_vault_id_stays_delete" BEFORE DELETE ON "config"
  FOR EACH ROW WHEN (OLD."key" = 'vault_id')
  EXECUTE FUNCTION "refuse_vault_id_change"();

-- connections: secrets sealed, wherever `config` can hold one --------------------------------------------------------

-- In env, headers and secrets a string is a secret ({"plain": …} is not); the others are named.
CREATE FUNCTION "connection_secrets_are_sealed"("config" jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT NOT jsonb_path_exists("config", '$.env.*     ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.headers.* ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.secrets.* ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.auth.token        ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.auth.password     ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.auth.value        ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.auth.clientSecret ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.oauth.clientSecret ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.oauth.accessToken  ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.oauth.refreshToken ? (@.type() == "string" && !(@ starts with "encrypted:"))')
$$;

ALTER TABLE "connections"
  ADD CONSTRAINT "connections_name_format" CHECK ("name" ~ '^[a-z][a-z0-9-]{0,39}$'),
  ADD CONSTRAINT "connections_config_object" CHECK (jsonb_typeof("config") = 'object'),
  ADD CONSTRAINT "connections_secrets_sealed" CHECK ("connection_secrets_are_sealed"("config")),
  ADD CONSTRAINT "connections_tool_catalog_array" CHECK (jsonb_typeof("tool_catalog") = 'array'),
  ADD CONSTRAINT "connections_approved_hash_sha256" CHECK (octet_length("approved_hash") = 32);

-- skills: numbered steps, bounded limits, system skills stay ---------------------------------------------------------

CREATE FUNCTION "skill_steps_are_well_formed"("steps" jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof("steps") <> 'array' THEN false ELSE NOT EXISTS (
    SELECT FROM jsonb_array_elements("steps") WITH ORDINALITY AS step ("value", "number")
    WHERE step."value" -> 'id' IS DISTINCT FROM to_jsonb(step."number")
       OR jsonb_typeof(step."value" -> 'prompt') IS DISTINCT FROM 'string'
       OR coalesce(jsonb_typeof(step."value" -> 'allowedTools'), 'array') <> 'array'
  ) END
$$;

ALTER TABLE "skills"
  ADD CONSTRAINT "skills_slug_format" CHECK ("slug" ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  ADD CONSTRAINT "skills_steps_well_formed" CHECK ("skill_steps_are_well_formed"("steps")),
  ADD CONSTRAINT "skills_input_schema_object" CHECK (jsonb_typeof("input_schema") = 'object'),
  ADD CONSTRAINT "skills_trigger_config_object" CHECK (jsonb_typeof("trigger_config") = 'object'),
  ADD CONSTRAINT "skills_trigger_secret_sealed" CHECK ("trigger_secret" LIKE 'encrypted:%'),
  ADD CONSTRAINT "skills_max_cost_positive" CHECK ("max_cost_usd" > 0),
  ADD CONSTRAINT "skills_timeout_positive" CHECK ("timeout_ms" > 0),
  ADD CONSTRAINT "skills_concurrency_positive" CHECK ("concurrency" >= 1),
  ADD CONSTRAINT "skills_run_count_not_negative" CHECK ("run_count" >= 0),
  ADD CONSTRAINT "skills_version_positive" CHECK ("version" >= 1);

CREATE FUNCTION "refuse_system_skill_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the skill "%" belongs to the system: it can be neither deleted nor made an ordinary one', OLD."slug"
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'skills_system_stays', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "skills_system_stays_delete" BEFORE DELETE ON "skills"
  FOR EACH ROW WHEN (OLD."is_system") EXECUTE FUNCTION "refuse_system_skill_change"();
CREATE TRIGGER "skills_system_stays_update" BEFORE UPDATE ON "skills"
  FOR EACH ROW WHEN (OLD."is_system" AND NOT NEW."is_system") EXECUTE FUNCTION "refuse_system_skill_change"();

CREATE INDEX "skills_active_by_trigger_idx" ON "skills" ("trigger_type", "next_run_at") WHERE "is_active";

-- skill_versions: written once ---------------------------------------------------------------------------------------

ALTER TABLE "skill_versions"
  ADD CONSTRAINT "skill_versions_version_positive" CHECK ("version" >= 1),
  ADD CONSTRAINT "skill_versions_definition_object" CHECK (jsonb_typeof("definition") = 'object'),
  ADD CONSTRAINT "skill_versions_content_hash_sha256" CHECK (octet_length("content_hash") = 32);

CREATE FUNCTION "refuse_skill_version_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a saved version of a skill does not change'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'skill_versions_immutable', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "skill_versions_immutable_row" BEFORE UPDATE OR DELETE ON "skill_versions"
  FOR EACH ROW EXECUTE FUNCTION "refuse_skill_version_change"();
CREATE TRIGGER "skill_versions_immutable_table" BEFORE TRUNCATE ON "skill_versions"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_skill_version_change"();

-- executions: the audit log ------------------------------------------------------------------------------------------

ALTER TABLE "executions"
  ADD CONSTRAINT "executions_skill_version_positive" CHECK ("skill_version" >= 1),
  ADD CONSTRAINT "executions_trigger_detail_object" CHECK (jsonb_typeof("trigger_detail") = 'object'),
  ADD CONSTRAINT "executions_completed_when_final" CHECK (
    ("completed_at" IS NOT NULL) = ("status" IN ('succeeded', 'failed', 'cancelled'))
  ),
  ADD CONSTRAINT "executions_metrics_not_negative" CHECK (
    "duration_ms" >= 0 AND "token_count" >= 0 AND "input_tokens" >= 0 AND "output_tokens" >= 0
    AND "cache_read_tokens" >= 0 AND "cache_write_tokens" >= 0 AND "cost_usd" >= 0
  ),
  ADD CONSTRAINT "executions_only_live_reported" CHECK (
    "mode" = 'live' OR ("metric_report_id" IS NULL AND NOT "reported_to_core")
  ),
  ADD CONSTRAINT "executions_purged_without_payload" CHECK (
    "purged_at" IS NULL OR ("input" IS NULL AND "output" IS NULL AND "trace" IS NULL)
  ),
  ADD CONSTRAINT "executions_hashes_sha256" CHECK (
    octet_length("skill_hash") = 32 AND octet_length("input_hash") = 32 AND octet_length("output_hash") = 32
    AND octet_length("trace_hash") = 32 AND octet_length("content_hash") = 32
  );

-- The same table as executionTransitions in src/contract/executions.ts (tests/schema.test.ts compares them).
CREATE FUNCTION "execution_may_become"("from" "execution_status", "to" "execution_status") RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE "from"
    WHEN 'queued' THEN "to" IN ('running', 'failed', 'cancelled')
    WHEN 'running' THEN "to" IN ('queued', 'waiting_approval', 'succeeded', 'failed', 'cancelled')
    WHEN 'waiting_approval' THEN "to" IN ('queued', 'running', 'failed', 'cancelled')
    ELSE false
  END
$$;

CREATE FUNCTION "guard_execution_status"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT "execution_may_become"(OLD."status", NEW."status") THEN
    RAISE EXCEPTION 'an execution that is % does not become %', OLD."status", NEW."status"
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'executions_status_transition', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "executions_status_transition" BEFORE UPDATE ON "executions"
  FOR EACH ROW
  WHEN (OLD."status" <> NEW."status" AND OLD."status" NOT IN ('succeeded', 'failed', 'cancelled'))
  EXECUTE FUNCTION "guard_execution_status"();

-- A finished row changes in three ways only: its skill goes, it is reported, its payloads are purged.
CREATE FUNCTION "guard_final_execution"() RETURNS trigger LANGUAGE plpgsql AS $$
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
  END IF;
  IF NEW IS DISTINCT FROM permitted THEN
    RAISE EXCEPTION 'execution % has ended: its record does not change', OLD."id"
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'executions_final_immutable', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "executions_final_immutable" BEFORE UPDATE ON "executions"
  FOR EACH ROW WHEN (OLD."status" IN ('succeeded', 'failed', 'cancelled'))
  EXECUTE FUNCTION "guard_final_execution"();

CREATE FUNCTION "refuse_execution_removal"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'executions are not deleted: retention purges their payloads and keeps the row'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'executions_kept', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "executions_kept_row" BEFORE DELETE ON "executions"
  FOR EACH ROW EXECUTE FUNCTION "refuse_execution_removal"();
CREATE TRIGGER "executions_kept_table" BEFORE TRUNCATE ON "executions"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_execution_removal"();

CREATE INDEX "executions_open_idx" ON "executions" ("status", "created_at")
  WHERE "status" IN ('queued', 'running', 'waiting_approval');
CREATE INDEX "executions_unreported_idx" ON "executions" ("completed_at", "id")
  WHERE "reported_to_core" = false AND "mode" = 'live';

-- Full text of what is searched. Capped: a tsvector holds 1 MiB, and a long output must never make the final write fail.
-- Finished rows alone, so that an execution is indexed once; ask with the same expression and the same three statuses.
CREATE FUNCTION "execution_search_document"("input" jsonb, "output" text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector(
    'pg_catalog.simple'::regconfig,
    left(coalesce("output", ''), 50000) || ' ' || left(coalesce("input"::text, ''), 50000)
  )
$$;
CREATE INDEX "executions_search_idx" ON "executions" USING gin ("execution_search_document"("input", "output"))
  WHERE "status" IN ('succeeded', 'failed', 'cancelled');

-- execution_steps: a step recorded as done is never run again -------------------------------------------------------

ALTER TABLE "execution_steps"
  ADD CONSTRAINT "execution_steps_step_positive" CHECK ("step_id" >= 1),
  ADD CONSTRAINT "execution_steps_attempt_not_negative" CHECK ("attempt" >= 0);

CREATE FUNCTION "guard_done_step"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  permitted "execution_steps" := OLD;
BEGIN
  IF TG_OP = 'UPDATE' THEN
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
CREATE TRIGGER "execution_steps_done_immutable" BEFORE UPDATE OR DELETE ON "execution_steps"
  FOR EACH ROW WHEN (OLD."status" = 'done') EXECUTE FUNCTION "guard_done_step"();

-- execution_events: appended as they happen, and told to whoever listens ---------------------------------------------

ALTER TABLE "execution_events"
  ADD CONSTRAINT "execution_events_seq_positive" CHECK ("seq" >= 1),
  ADD CONSTRAINT "execution_events_kind_known" CHECK (
    "kind" IN ('status', 'step', 'message', 'tool_call', 'usage', 'end')
  );

CREATE FUNCTION "guard_execution_event"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Retention removes events, once their execution is purged.
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT FROM "executions" WHERE "id" = OLD."execution_id" AND "purged_at" IS NOT NULL
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'events are appended: they neither change nor go before their execution is purged'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'execution_events_append_only', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "execution_events_append_only" BEFORE UPDATE OR DELETE ON "execution_events"
  FOR EACH ROW EXECUTE FUNCTION "guard_execution_event"();

-- Payload `<execution id>:<seq>`. The event itself may be larger than a notification (8,000 bytes).
CREATE FUNCTION "notify_execution_event"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('alfred_execution_events', NEW."execution_id" || ':' || NEW."seq");
  RETURN NULL;
END $$;
CREATE TRIGGER "execution_events_notify" AFTER INSERT ON "execution_events"
  FOR EACH ROW EXECUTE FUNCTION "notify_execution_event"();

-- tool_calls: what was asked for and how it ended stays as written ---------------------------------------------------

ALTER TABLE "tool_calls"
  ADD CONSTRAINT "tool_calls_arguments_hash_sha256" CHECK (octet_length("arguments_hash") = 32);

CREATE FUNCTION "guard_tool_call"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW."id", NEW."connection", NEW."tool", NEW."arguments_hash", NEW."created_at")
     IS NOT DISTINCT FROM (OLD."id", OLD."connection", OLD."tool", OLD."arguments_hash", OLD."created_at")
     AND (NEW."status" = OLD."status" OR OLD."status" IN ('intended', 'dispatched', 'unknown'))
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'tool call % is on record: what was asked and how it ended does not change', OLD."id"
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'tool_calls_recorded', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "tool_calls_recorded" BEFORE UPDATE ON "tool_calls"
  FOR EACH ROW EXECUTE FUNCTION "guard_tool_call"();

-- Tokens, codes and cookies: SHA-256 alone ---------------------------------------------------------------------------

ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_token_hash_sha256" CHECK (octet_length("token_hash") = 32);
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_code_hash_sha256" CHECK (octet_length("code_hash") = 32);
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_token_hash_sha256" CHECK (octet_length("token_hash") = 32);

-- What is where, and what of it is sealed ----------------------------------------------------------------------------

COMMENT ON TABLE "connections" IS 'MCP server and API integrations.';
COMMENT ON COLUMN "connections"."config" IS
  'How to reach the server, by type. Every secret in it is sealed with AES-256-GCM (encrypted at rest) as "encrypted:<base64>", enforced by connections_secrets_sealed; an entry {"plain": …} is no secret.';
COMMENT ON COLUMN "connections"."tools" IS 'Names of the tools found at the last discovery.';
COMMENT ON TABLE "skills" IS 'User-defined workflows: written by hand, from templates, imported, or taught in chat.';
COMMENT ON COLUMN "skills"."steps" IS '[{"id": 1, "prompt": "…", "guidance": "…", "allowedTools": […]}], ids 1..n in order.';
COMMENT ON COLUMN "skills"."trigger_secret" IS
  'Sealed with AES-256-GCM (encrypted at rest) as "encrypted:<base64>", enforced by skills_trigger_secret_sealed.';
COMMENT ON COLUMN "skills"."is_system" IS 'A system skill can be neither deleted nor made an ordinary one (triggers).';
COMMENT ON TABLE "executions" IS
  'Complete audit log of skill executions. No secret is in it: every known secret value is redacted before it is written.';
COMMENT ON COLUMN "executions"."input" IS 'Full input parameters, redacted.';
COMMENT ON COLUMN "executions"."output" IS 'Complete result, redacted.';
COMMENT ON COLUMN "executions"."trace" IS 'Full conversation trace from the Claude Agent SDK, redacted.';
COMMENT ON COLUMN "executions"."reported_to_core" IS 'True once Core acknowledged the report (metrics, never content) that counts this execution.';
COMMENT ON TABLE "config" IS 'Key-value store for VM configuration.';
COMMENT ON COLUMN "config"."value" IS
  '"encrypted:<base64>", sealed with AES-256-GCM (encrypted at rest), or "plain:<text>". Keys ending in _secret, _key, _token or _password (public keys aside) must be encrypted, enforced by config_secrets_sealed; vm_auth_secret and vm_encryption_secret may arrive as plain: and are sealed at the next boot.';
COMMENT ON TABLE "skill_versions" IS 'Every save of a skill, unchangeable; kept when the skill is deleted.';
COMMENT ON COLUMN "access_tokens"."token_hash" IS 'SHA-256 of the token, which is kept nowhere.';
COMMENT ON COLUMN "sign_in_links"."code_hash" IS 'SHA-256 of the code, which is kept nowhere.';
COMMENT ON COLUMN "sessions"."token_hash" IS 'SHA-256 of the cookie''s value, which is kept nowhere.';
