-- Passkeys: the public halves of the keys by which devices sign their owner in.

CREATE TABLE "passkeys" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "credential_id" BYTEA NOT NULL,
    "public_key" BYTEA NOT NULL,
    "rp_id" TEXT NOT NULL,
    "counter" BIGINT NOT NULL,
    "transports" TEXT[],
    "can_be_backed_up" BOOLEAN NOT NULL,
    "is_backed_up" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "mac" BYTEA,

    CONSTRAINT "passkeys_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "passkeys_counter_counts" CHECK ("counter" BETWEEN 0 AND 4294967295)
);
CREATE UNIQUE INDEX "passkeys_credential_id_key" ON "passkeys"("credential_id");

COMMENT ON TABLE "passkeys" IS 'What devices sign the owner in with; their private halves never leave them.';
COMMENT ON COLUMN "passkeys"."rp_id" IS 'The host name that browsers offer it at.';
COMMENT ON COLUMN "passkeys"."counter" IS 'How often it signed, as the device counts; 0 where it does not.';
