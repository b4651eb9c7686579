-- Tokens for `/metrics` alone.
ALTER TABLE "access_tokens"
  DROP CONSTRAINT "access_tokens_role",
  ADD CONSTRAINT "access_tokens_role" CHECK ("role" IN ('operator', 'billing', 'support', 'metrics'));
