-- Money is bounded across processes: what model calls may cost is set aside here before they are sent.

ALTER TABLE "skills"
  ADD COLUMN "max_cost_per_day_usd" DECIMAL(12,6),
  ADD COLUMN "max_cost_per_month_usd" DECIMAL(12,6),
  ADD CONSTRAINT "skills_max_cost_per_day_positive" CHECK ("max_cost_per_day_usd" > 0),
  ADD CONSTRAINT "skills_max_cost_per_month_positive" CHECK ("max_cost_per_month_usd" > 0);

CREATE TABLE "spend_reservations" (
    "id" UUID NOT NULL,
    "execution_id" UUID,
    "skill_id" UUID,
    "worker_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "held_usd" DECIMAL(18,9) NOT NULL,
    "cost_usd" DECIMAL(18,9),
    "is_lost" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "spend_reservations_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "spend_reservations_execution_id_idx" ON "spend_reservations"("execution_id");
ALTER TABLE "spend_reservations" ADD CONSTRAINT "spend_reservations_execution_id_fkey"
  FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
ALTER TABLE "spend_reservations"
  ADD CONSTRAINT "spend_reservations_not_negative" CHECK ("held_usd" >= 0 AND "cost_usd" >= 0),
  ADD CONSTRAINT "spend_reservations_settled_with_cost" CHECK (("cost_usd" IS NULL) = ("settled_at" IS NULL));
-- What is open is read before every call, what is settled when it is old.
CREATE INDEX "spend_reservations_open_idx" ON "spend_reservations" ("created_at") WHERE "settled_at" IS NULL;
CREATE INDEX "spend_reservations_lost_idx" ON "spend_reservations" ("created_at") WHERE "is_lost";
CREATE INDEX "spend_reservations_settled_idx" ON "spend_reservations" ("settled_at") WHERE "settled_at" IS NOT NULL;

CREATE TABLE "spend_totals" (
    "scope" TEXT NOT NULL,
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "usd" DECIMAL(18,9) NOT NULL,

    CONSTRAINT "spend_totals_pkey" PRIMARY KEY ("scope", "bucket")
);

-- What was spent before counts: a cap that is set in the middle of a month means the whole month.
INSERT INTO "spend_totals" ("scope", "bucket", "usd")
SELECT "scope", date_bin('15 minutes', "created_at", TIMESTAMPTZ '2000-01-01 00:00:00+00'), sum("cost_usd")
FROM "executions"
CROSS JOIN LATERAL (VALUES ('vm'), ('skill:' || "skill_id")) AS scopes ("scope")
WHERE "mode" = 'live' AND "cost_usd" > 0 AND "scope" IS NOT NULL AND "created_at" > now() - interval '40 days'
GROUP BY 1, 2;
