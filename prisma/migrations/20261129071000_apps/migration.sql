-- Programs that the owner let in by OAuth (docs/security.md, "Apps"): what each may do, and its codes and tokens by their hashes.

CREATE TABLE "app_grants" (
    "id" UUID NOT NULL,
    "client_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "resource" TEXT NOT NULL,
    "skills" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "mac" BYTEA,

    CONSTRAINT "app_grants_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "app_tokens" (
    "id" UUID NOT NULL,
    "grant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "challenge" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "mac" BYTEA,

    CONSTRAINT "app_tokens_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "app_tokens_token_hash_sha256" CHECK (octet_length("token_hash") = 32),
    CONSTRAINT "app_tokens_kind" CHECK ("kind" IN ('code', 'access', 'refresh')),
    CONSTRAINT "app_tokens_challenge" CHECK (("kind" = 'code') = ("challenge" IS NOT NULL))
);

CREATE UNIQUE INDEX "app_tokens_token_hash_key" ON "app_tokens"("token_hash");
CREATE INDEX "app_tokens_grant_id_idx" ON "app_tokens"("grant_id");

ALTER TABLE "app_tokens" ADD CONSTRAINT "app_tokens_grant_id_fkey" FOREIGN KEY ("grant_id")
    REFERENCES "app_grants"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
