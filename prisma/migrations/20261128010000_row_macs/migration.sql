-- What decides where a secret goes, what is started and who gets in carries a MAC under a key that is not in the database
-- (docs/security.md, "Rows"). The rows that are there are signed by the next start, which has that key.

ALTER TABLE "connections" ADD COLUMN "mac" BYTEA;
ALTER TABLE "access_tokens" ADD COLUMN "mac" BYTEA;
ALTER TABLE "sessions" ADD COLUMN "mac" BYTEA;
ALTER TABLE "sign_in_links" ADD COLUMN "mac" BYTEA;
ALTER TABLE "skills" ADD COLUMN "mac" BYTEA;
ALTER TABLE "skill_versions" ADD COLUMN "mac" BYTEA;
ALTER TABLE "executions" ADD COLUMN "mac" BYTEA;
ALTER TABLE "execution_steps" ADD COLUMN "mac" BYTEA;
ALTER TABLE "approvals" ADD COLUMN "mac" BYTEA;
ALTER TABLE "step_sessions" ADD COLUMN "mac" BYTEA;
