-- What ended since the last look: metrics and traces ask for it every few seconds, on a table of millions.
CREATE INDEX "executions_completed_idx" ON "executions" ("completed_at") WHERE "completed_at" IS NOT NULL;
