-- Long conversations: what their earlier messages were summed up to. The messages stay; a model is sent this in their place.

CREATE TABLE "conversation_summaries" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "until_id" UUID NOT NULL,
    "until_turn" INTEGER NOT NULL,
    "execution_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "messages" INTEGER NOT NULL,
    "cost_usd" DECIMAL(18,9),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "mac" BYTEA,

    CONSTRAINT "conversation_summaries_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "conversation_summaries_conversation_id_until_turn_idx" ON "conversation_summaries"("conversation_id", "until_turn");
ALTER TABLE "conversation_summaries"
  ADD CONSTRAINT "conversation_summaries_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE RESTRICT ON UPDATE NO ACTION,
  ADD CONSTRAINT "conversation_summaries_until_id_fkey" FOREIGN KEY ("until_id") REFERENCES "messages"("id") ON DELETE RESTRICT ON UPDATE NO ACTION,
  ADD CONSTRAINT "conversation_summaries_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE RESTRICT ON UPDATE NO ACTION,
  ADD CONSTRAINT "conversation_summaries_messages_positive" CHECK ("messages" >= 1);

-- It stands as it was written, and is emptied with the first message of which it tells.
CREATE FUNCTION "guard_conversation_summary"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW."id", NEW."conversation_id", NEW."until_id", NEW."until_turn", NEW."execution_id", NEW."messages", NEW."cost_usd", NEW."created_at")
       IS NOT DISTINCT FROM
       (OLD."id", OLD."conversation_id", OLD."until_id", OLD."until_turn", OLD."execution_id", OLD."messages", OLD."cost_usd", OLD."created_at")
       AND (NEW."text" = OLD."text"
         OR NEW."text" = ''
           AND EXISTS (
             SELECT FROM "messages" m JOIN "executions" e ON e."id" = m."execution_id"
             WHERE m."conversation_id" = OLD."conversation_id" AND m."turn" <= OLD."until_turn" AND e."purged_at" IS NOT NULL)) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'summary % is on record: it does not change', OLD."id"
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'conversation_summaries_append_only', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "conversation_summaries_append_only" BEFORE UPDATE OR DELETE ON "conversation_summaries"
  FOR EACH ROW EXECUTE FUNCTION "guard_conversation_summary"();

COMMENT ON TABLE "conversation_summaries" IS 'What the earlier messages of long conversations were summed up to, for the model; emptied with the first of those messages that is.';
