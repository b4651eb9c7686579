-- Links by which one call that waits is approved or refused, from the notice that tells of it (docs/security.md, "Notices").
CREATE TABLE "approval_links" (
    "id" UUID NOT NULL,
    "approval_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "mac" BYTEA,

    CONSTRAINT "approval_links_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "approval_links_token_hash_sha256" CHECK (octet_length("token_hash") = 32)
);
CREATE UNIQUE INDEX "approval_links_token_hash_key" ON "approval_links"("token_hash");
CREATE INDEX "approval_links_approval_id_idx" ON "approval_links"("approval_id");
ALTER TABLE "approval_links" ADD CONSTRAINT "approval_links_approval_id_fkey" FOREIGN KEY ("approval_id")
    REFERENCES "approvals"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

COMMENT ON TABLE "approval_links" IS 'Links that decide about one call, each once; the token is kept nowhere.';
