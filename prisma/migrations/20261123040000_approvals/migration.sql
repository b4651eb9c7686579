-- What waits for a person: the exact calls, and where the agent's conversation stands meanwhile.

CREATE TYPE "approval_status" AS ENUM ('pending', 'approved', 'denied', 'expired', 'cancelled');

CREATE TABLE "approvals" (
    "id" UUID NOT NULL,
    "execution_id" UUID NOT NULL,
    "step_id" INTEGER NOT NULL,
    "tool_use_id" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "arguments" TEXT NOT NULL,
    "arguments_hash" BYTEA NOT NULL,
    "status" "approval_status" NOT NULL DEFAULT 'pending',
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "note" TEXT,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "approvals_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "approvals_execution_id_step_id_tool_use_id_key" ON "approvals"("execution_id", "step_id", "tool_use_id");
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_execution_id_fkey"
  FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
ALTER TABLE "approvals"
  ADD CONSTRAINT "approvals_arguments_hash_sha256" CHECK (octet_length("arguments_hash") = 32),
  ADD CONSTRAINT "approvals_decided_when_not_pending" CHECK (("decided_at" IS NOT NULL) = ("status" <> 'pending')),
  ADD CONSTRAINT "approvals_used_when_approved" CHECK ("used_at" IS NULL OR "status" = 'approved');
CREATE INDEX "approvals_pending_idx" ON "approvals" ("expires_at") WHERE "status" = 'pending';

-- A decision is made once, and what it was made about stays; an approval is used once.
CREATE FUNCTION "guard_approval"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW."id", NEW."execution_id", NEW."step_id", NEW."tool_use_id", NEW."connection", NEW."tool", NEW."arguments_hash",
      NEW."created_at", NEW."expires_at")
     IS NOT DISTINCT FROM
     (OLD."id", OLD."execution_id", OLD."step_id", OLD."tool_use_id", OLD."connection", OLD."tool", OLD."arguments_hash",
      OLD."created_at", OLD."expires_at")
     AND (OLD."status" = 'pending'
       OR (NEW."status", NEW."decided_by", NEW."decided_at")
          IS NOT DISTINCT FROM (OLD."status", OLD."decided_by", OLD."decided_at")
         AND (NEW."note" IS NOT DISTINCT FROM OLD."note" OR (NEW."note" IS NULL AND NEW."arguments" = '')))
     AND (OLD."used_at" IS NULL OR NEW."used_at" IS NOT DISTINCT FROM OLD."used_at")
     -- Retention empties it.
     AND (NEW."arguments" = OLD."arguments" OR (NEW."arguments" = '' AND OLD."status" <> 'pending')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'an approval is decided once, for the call that was shown, and used once'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'approvals_decided_once', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "approvals_decided_once" BEFORE UPDATE ON "approvals"
  FOR EACH ROW EXECUTE FUNCTION "guard_approval"();

CREATE TABLE "step_sessions" (
    "execution_id" UUID NOT NULL,
    "step_id" INTEGER NOT NULL,
    "session_id" UUID NOT NULL,
    "entries" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "step_sessions_pkey" PRIMARY KEY ("execution_id", "step_id")
);
ALTER TABLE "step_sessions" ADD CONSTRAINT "step_sessions_execution_id_fkey"
  FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "executions"
  ADD COLUMN "waiting_since" TIMESTAMPTZ(3),
  ADD COLUMN "waited_ms" BIGINT NOT NULL DEFAULT 0;

COMMENT ON TABLE "approvals" IS 'Calls that wait for a person, or waited: exactly what is called once it is approved.';
COMMENT ON TABLE "step_sessions" IS 'The conversation of a step that waits for a person, redacted; gone when the step ends.';
