-- Words by which an owner finds a skill among others.
ALTER TABLE "skills" ADD COLUMN "tags" JSONB;

COMMENT ON COLUMN "skills"."tags" IS 'Words by which its owner finds it, a list of texts.';
