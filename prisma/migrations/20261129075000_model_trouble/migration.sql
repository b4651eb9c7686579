-- What keeps the model from answering, until it answers again: a run that fails at night is seen in the morning.
CREATE TABLE "model_trouble" (
    "singleton" BOOLEAN NOT NULL DEFAULT true,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "model" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "remedy" TEXT NOT NULL,

    CONSTRAINT "model_trouble_pkey" PRIMARY KEY ("singleton")
);
ALTER TABLE "model_trouble"
  ADD CONSTRAINT "model_trouble_one_row" CHECK ("singleton"),
  ADD CONSTRAINT "model_trouble_in_order" CHECK ("since" <= "at");

COMMENT ON TABLE "model_trouble" IS 'One row while the model does not answer: what it says, and since when; none when it answered last.';
COMMENT ON COLUMN "model_trouble"."since" IS 'When it first failed behind its last answer.';
COMMENT ON COLUMN "model_trouble"."at" IS 'When it failed last. Settings that are newer are not judged by it.';
