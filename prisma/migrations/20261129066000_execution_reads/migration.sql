-- What the owner has read of what came of runs. A row of an execution that has ended never changes, so it stands beside it.

CREATE TABLE "execution_reads" (
    "execution_id" UUID NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "execution_reads_pkey" PRIMARY KEY ("execution_id")
);
CREATE INDEX "execution_reads_read_at_idx" ON "execution_reads"("read_at");
ALTER TABLE "execution_reads"
  ADD CONSTRAINT "execution_reads_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- What ended before there was such a thing is no news.
INSERT INTO "execution_reads" ("execution_id")
SELECT "id" FROM "executions" WHERE "completed_at" > CURRENT_TIMESTAMP - interval '14 days';
