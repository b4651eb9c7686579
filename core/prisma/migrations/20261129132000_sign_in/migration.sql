-- Signing in by a password of one's own choosing, or a passkey. Whoever works for the provider has an account with a role.
ALTER TABLE "users"
  ALTER COLUMN "password_hash" DROP NOT NULL,
  ADD COLUMN "role" TEXT,
  ADD CONSTRAINT "users_role" CHECK ("role" IN ('operator', 'billing', 'support'));

-- A token that somebody with an account made ends with their access.
ALTER TABLE "access_tokens"
  ADD COLUMN "made_by" UUID,
  ADD CONSTRAINT "access_tokens_made_by_fkey" FOREIGN KEY ("made_by") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE NO ACTION;
CREATE INDEX "access_tokens_made_by_idx" ON "access_tokens" ("made_by");

CREATE TABLE "sign_in_links" (
  "id" UUID NOT NULL,
  "user_id" UUID NOT NULL,
  "code_hash" BYTEA NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "sign_in_links_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "sign_in_links_hash_length" CHECK (octet_length("code_hash") = 32),
  CONSTRAINT "sign_in_links_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE UNIQUE INDEX "sign_in_links_code_hash_key" ON "sign_in_links" ("code_hash");
CREATE INDEX "sign_in_links_user_id_idx" ON "sign_in_links" ("user_id");

CREATE TABLE "passkeys" (
  "id" UUID NOT NULL,
  "user_id" UUID NOT NULL,
  "credential_id" BYTEA NOT NULL,
  "public_key" BYTEA NOT NULL,
  "counter" BIGINT NOT NULL,
  "rp_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "can_be_backed_up" BOOLEAN NOT NULL,
  "is_backed_up" BOOLEAN NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_used_at" TIMESTAMPTZ(3),
  CONSTRAINT "passkeys_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "passkeys_lengths" CHECK (octet_length("credential_id") <= 1100 AND octet_length("public_key") <= 2000
    AND length("rp_id") <= 253 AND "name" ~ '^[[:alnum:] ._-]{1,60}$'),
  CONSTRAINT "passkeys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE UNIQUE INDEX "passkeys_credential_id_key" ON "passkeys" ("credential_id");
CREATE INDEX "passkeys_user_id_idx" ON "passkeys" ("user_id");

-- Challenges that were answered, in whichever process: each counts once.
CREATE TABLE "used_challenges" (
  "hash" BYTEA NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "used_challenges_pkey" PRIMARY KEY ("hash"),
  CONSTRAINT "used_challenges_hash_length" CHECK (octet_length("hash") = 32)
);
