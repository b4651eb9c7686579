-- What somebody, or a conversation, proposes to be a skill: nothing of it runs before a person accepts it.

CREATE TABLE "proposals" (
    "id" UUID NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "slug" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "origin" JSONB NOT NULL,
    "base_version" INTEGER,
    "created_by" TEXT NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "proposals_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "proposals"
  ADD CONSTRAINT "proposals_status_known" CHECK ("status" IN ('open', 'accepted', 'rejected')),
  ADD CONSTRAINT "proposals_decided_when_not_open" CHECK (("decided_at" IS NOT NULL) = ("status" <> 'open'));

COMMENT ON TABLE "proposals" IS 'Skills that were taught and wait for a person, or waited.';
