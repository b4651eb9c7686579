-- What the database's clock said last, held against a clock that only counts on, so that a jump is seen (docs/operations.md, "Clocks").
CREATE TABLE "clock" (
    "singleton" BOOLEAN NOT NULL DEFAULT true,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "boot" TEXT,
    "uptime_ms" BIGINT NOT NULL,
    "ahead_ms" BIGINT NOT NULL DEFAULT 0,
    "ahead_since_ms" BIGINT,
    "jumped_at" TIMESTAMPTZ(3),
    "jumped_ms" BIGINT,

    CONSTRAINT "clock_pkey" PRIMARY KEY ("singleton")
);
ALTER TABLE "clock"
  ADD CONSTRAINT "clock_one_row" CHECK ("singleton"),
  ADD CONSTRAINT "clock_ahead_since_a_jump" CHECK ("ahead_ms" = 0 OR "ahead_since_ms" IS NOT NULL),
  ADD CONSTRAINT "clock_jump_whole" CHECK (("jumped_at" IS NULL) = ("jumped_ms" IS NULL));

COMMENT ON TABLE "clock" IS 'One row, from the first start on: what the database''s clock said last, and how far it is not believed.';
COMMENT ON COLUMN "clock"."at" IS 'The database''s time at the last look, some seconds ago while the VM runs.';
COMMENT ON COLUMN "clock"."boot" IS 'Names the boot that uptime_ms counts from; null where the system does not say.';
COMMENT ON COLUMN "clock"."uptime_ms" IS 'For how long the VM''s machine had run then, sleep included.';
COMMENT ON COLUMN "clock"."ahead_ms" IS 'By how much it jumped within the last day: what is too old is judged by the time without it.';
COMMENT ON COLUMN "clock"."ahead_since_ms" IS 'The uptime at the last jump.';
COMMENT ON COLUMN "clock"."jumped_ms" IS 'How far the last jump went; negative when the clock was put back.';
