-- Who runs what. An execution that runs is claimed by one worker, and every write about the run checks the claim: so that
-- a worker that was taken for dead, and is not, changes nothing any more. A worker that is dead loses its row, and with
-- it its claims; whoever comes next goes on behind the last step done.

CREATE TABLE "workers" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "machine" TEXT,
    "process" TEXT NOT NULL,
    "beat" BIGINT NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "executions"
  ADD COLUMN "claimed_by" UUID,
  ADD COLUMN "retries" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "executions" ADD CONSTRAINT "executions_claimed_by_fkey"
  FOREIGN KEY ("claimed_by") REFERENCES "workers"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

-- Whoever ends, hands back or parks a run lets go of it.
ALTER TABLE "executions"
  ADD CONSTRAINT "executions_claimed_while_running" CHECK ("claimed_by" IS NULL OR "status" = 'running'),
  ADD CONSTRAINT "executions_retries_not_negative" CHECK ("retries" >= 0);

CREATE INDEX "executions_claimed_idx" ON "executions" ("claimed_by") WHERE "claimed_by" IS NOT NULL;

COMMENT ON TABLE "workers" IS 'Processes that run executions. A row goes when its process does; "beat" counts up while it lives.';
COMMENT ON COLUMN "executions"."claimed_by" IS 'The worker that runs it now.';
COMMENT ON COLUMN "executions"."retries" IS 'How often it went back to the queue because the model could not answer.';
