-- What somebody must see to, told once when it begins and once when it is over.
ALTER TABLE "vms" ADD COLUMN "refused_at" TIMESTAMPTZ(3);

CREATE TABLE "alerts" (
  "id" UUID NOT NULL,
  "vm_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "began_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "alerts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "alerts_kind" CHECK ("kind" IN ('silent', 'refused', 'copied', 'never')),
  CONSTRAINT "alerts_vm_id_fkey" FOREIGN KEY ("vm_id") REFERENCES "vms" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
);
-- Of each kind a VM has one that is not over, whichever process sees it first. Prisma knows no such index.
CREATE UNIQUE INDEX "alerts_open" ON "alerts" ("vm_id", "kind") WHERE "ended_at" IS NULL;
CREATE INDEX "alerts_vm_id_idx" ON "alerts" ("vm_id");

-- What is to be told in one go, by one way. `next_at` moves on before each attempt: whoever dies in it leaves it to the next.
CREATE TABLE "alert_messages" (
  "id" UUID NOT NULL,
  "channel" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "delivered_at" TIMESTAMPTZ(3),
  "given_up_at" TIMESTAMPTZ(3),
  "last_error" TEXT NOT NULL DEFAULT '',
  CONSTRAINT "alert_messages_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "alert_messages_channel" CHECK ("channel" IN ('webhook', 'mail')),
  CONSTRAINT "alert_messages_error_short" CHECK (length("last_error") <= 200)
);
CREATE INDEX "alert_messages_channel_created_at_idx" ON "alert_messages" ("channel", "created_at");

CREATE TABLE "alert_tellings" (
  "message_id" UUID NOT NULL,
  "alert_id" UUID NOT NULL,
  "event" TEXT NOT NULL,
  CONSTRAINT "alert_tellings_pkey" PRIMARY KEY ("message_id", "alert_id"),
  CONSTRAINT "alert_tellings_event" CHECK ("event" IN ('began', 'ended')),
  CONSTRAINT "alert_tellings_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "alert_messages" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "alert_tellings_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "alerts" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE INDEX "alert_tellings_alert_id_idx" ON "alert_tellings" ("alert_id");

-- Since when Core has been looking without a gap: after one of its own, nobody is silent at once.
CREATE TABLE "alert_watch" (
  "id" INTEGER NOT NULL,
  "since" TIMESTAMPTZ(3) NOT NULL,
  "looked_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "alert_watch_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "alert_watch_one" CHECK ("id" = 1)
);
