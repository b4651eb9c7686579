-- A password, for owners who want one; and the browsers that they signed in with, which no stranger's guesses slow down.

CREATE TABLE "passwords" (
    "id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "mac" BYTEA,

    CONSTRAINT "passwords_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "passwords_hash_is_argon2id" CHECK ("hash" LIKE '$argon2id$v=19$%')
);

CREATE TABLE "known_browsers" (
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "known_browsers_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "known_browsers_token_hash_sha256" CHECK (octet_length("token_hash") = 32)
);
CREATE UNIQUE INDEX "known_browsers_token_hash_key" ON "known_browsers"("token_hash");

ALTER TABLE "sessions" ADD COLUMN "browser_id" UUID;

COMMENT ON TABLE "passwords" IS 'The owner''s password, if there is one: one row at most.';
COMMENT ON COLUMN "passwords"."hash" IS 'Argon2id of the password''s HMAC under a key of the keyring.';
COMMENT ON TABLE "known_browsers" IS 'Where the owner signed in: lets nobody in, and is not slowed down by wrong passwords from elsewhere.';
COMMENT ON COLUMN "known_browsers"."token_hash" IS 'SHA-256 of the cookie''s value, which is kept nowhere.';
