-- What the owner says of what came of runs: pinned, how good, a few words. A row of an execution that has ended never changes, and is
-- what was proved of it; so this stands beside it, and no chain holds it.

CREATE TABLE "execution_marks" (
    "execution_id" UUID NOT NULL,
    "pinned_at" TIMESTAMPTZ(3),
    "rating" TEXT,
    "comment" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "execution_marks_pkey" PRIMARY KEY ("execution_id"),
    CONSTRAINT "execution_marks_rating_check" CHECK ("rating" IN ('good', 'bad'))
);
ALTER TABLE "execution_marks"
  ADD CONSTRAINT "execution_marks_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- What the owner looks for again, under a name.
CREATE TABLE "saved_filters" (
    "name" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_filters_pkey" PRIMARY KEY ("name")
);

-- Whether a run was run again already.
CREATE INDEX "executions_retry_of_idx" ON "executions"("retry_of") WHERE "retry_of" IS NOT NULL;
