-- The key that signs checkpoints is followed by another: a statement of its own, which both sign (docs/security.md, "The audit chain").
ALTER TABLE "audit_checkpoints"
  ADD COLUMN "from_key" BYTEA,
  ADD COLUMN "to_key" BYTEA,
  ADD COLUMN "to_signature" BYTEA,
  DROP CONSTRAINT "audit_checkpoints_kind_known",
  ADD CONSTRAINT "audit_checkpoints_kind_known" CHECK ("kind" IN ('checkpoint', 'restored', 'succession')),
  ADD CONSTRAINT "audit_checkpoints_succession_whole" CHECK (
    ("kind" = 'succession') = ("from_key" IS NOT NULL)
    AND ("from_key" IS NULL) = ("to_key" IS NULL) AND ("to_key" IS NULL) = ("to_signature" IS NULL)
  );

COMMENT ON COLUMN "audit_checkpoints"."from_key" IS 'Of a succession: the public key that signs it and signed what came before, in SubjectPublicKeyInfo.';
COMMENT ON COLUMN "audit_checkpoints"."to_key" IS 'Of a succession: the public key that signs what follows.';
COMMENT ON COLUMN "audit_checkpoints"."to_signature" IS 'Of a succession: what the key that follows signed of the same statement.';
