-- Conversations. Each of the owner's messages starts an execution; what was said is kept here, beside the executions' own record.

CREATE TABLE "conversations" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "has_own_tools" BOOLEAN NOT NULL DEFAULT false,
    "tools" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "unasked" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "model" TEXT,
    "effort" TEXT,
    "head_id" UUID,
    "archived_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "mac" BYTEA,

    CONSTRAINT "conversations_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "conversations_latest_idx" ON "conversations" ("updated_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;

CREATE TABLE "messages" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "turn" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "parent_id" UUID,
    "text" TEXT NOT NULL DEFAULT '',
    "content" JSONB,
    "client_id" TEXT,
    "execution_id" UUID NOT NULL,
    "taken_back_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "mac" BYTEA,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "messages_conversation_id_client_id_key" ON "messages"("conversation_id", "client_id");
CREATE INDEX "messages_conversation_id_turn_idx" ON "messages"("conversation_id", "turn");
CREATE INDEX "messages_execution_id_idx" ON "messages"("execution_id");
ALTER TABLE "messages"
  ADD CONSTRAINT "messages_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE RESTRICT ON UPDATE NO ACTION,
  ADD CONSTRAINT "messages_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE RESTRICT ON UPDATE NO ACTION,
  ADD CONSTRAINT "messages_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "messages"("id") ON DELETE RESTRICT ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT "messages_role_known" CHECK ("role" IN ('user', 'assistant')),
  ADD CONSTRAINT "messages_turn_positive" CHECK ("turn" >= 1);
-- Of words that somebody looks for. Capped, as the search of executions is.
CREATE INDEX "messages_search_idx" ON "messages"
  USING gin (to_tsvector('pg_catalog.simple'::regconfig, left("text", 50000)));

-- What was said stays as it was said: an answer is written once, at its execution's end, and emptied when that is purged.
CREATE FUNCTION "guard_message"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW."id", NEW."conversation_id", NEW."turn", NEW."role", NEW."parent_id", NEW."client_id", NEW."execution_id", NEW."created_at")
       IS NOT DISTINCT FROM
       (OLD."id", OLD."conversation_id", OLD."turn", OLD."role", OLD."parent_id", OLD."client_id", OLD."execution_id", OLD."created_at")
       AND ((NEW."text", NEW."content") IS NOT DISTINCT FROM (OLD."text", OLD."content")
         OR OLD."finished_at" IS NULL AND OLD."role" = 'assistant'
         OR NEW."text" = '' AND NEW."content" IS NULL
           AND EXISTS (SELECT FROM "executions" WHERE "id" = OLD."execution_id" AND "purged_at" IS NOT NULL)) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'message % is on record: what was said does not change', OLD."id"
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'messages_append_only', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "messages_append_only" BEFORE UPDATE OR DELETE ON "messages"
  FOR EACH ROW EXECUTE FUNCTION "guard_message"();

CREATE TABLE "attachments" (
    "id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sha256" BYTEA NOT NULL,
    "data" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attachments_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "attachments_message_id_idx" ON "attachments"("message_id");
ALTER TABLE "attachments"
  ADD CONSTRAINT "attachments_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE RESTRICT ON UPDATE NO ACTION,
  ADD CONSTRAINT "attachments_sha256" CHECK (octet_length("sha256") = 32);

-- Whoever follows a conversation is told of what its executions do not say: new messages, and those that were taken back.
-- By the channel of executions, which every watcher hears: no id of the one is ever one of the other.
CREATE FUNCTION "notify_message"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('alfred_execution_events', NEW."conversation_id" || ':0');
  RETURN NULL;
END $$;
CREATE TRIGGER "messages_notify" AFTER INSERT OR UPDATE ON "messages"
  FOR EACH ROW EXECUTE FUNCTION "notify_message"();

-- Words of an answer as they come.
ALTER TABLE "execution_events" DROP CONSTRAINT "execution_events_kind_known";
ALTER TABLE "execution_events" ADD CONSTRAINT "execution_events_kind_known" CHECK (
  "kind" IN ('status', 'step', 'message', 'delta', 'tool_call', 'usage', 'end')
);

COMMENT ON TABLE "conversations" IS 'Chats with Alfred: what each may use is its owner''s choice.';
COMMENT ON TABLE "messages" IS 'What was said in conversations, redacted; append-only, branches by parent_id.';
COMMENT ON COLUMN "messages"."content" IS 'An answer as the Messages API has it, with its tool calls and their results: what a conversation goes on from.';
COMMENT ON TABLE "attachments" IS 'What was attached to messages; emptied with them.';
