-- A token for named skills alone: a list of slugs; null is a token for what its scopes say.

ALTER TABLE "access_tokens" ADD COLUMN "skills" JSONB;
