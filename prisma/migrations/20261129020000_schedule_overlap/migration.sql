-- Times of a schedule that came to no run: missed while the VM was off, or left out because a run was under way.
ALTER TABLE "skills"
  ADD COLUMN "skipped_count" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "last_skipped_at" TIMESTAMPTZ(3);
