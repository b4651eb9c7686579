-- The files that a skill brought beside its SKILL.md: read by its steps when they need them, given back at export.
ALTER TABLE "skills" ADD COLUMN "files" JSONB;

COMMENT ON COLUMN "skills"."files" IS 'By path: what its steps read when they need it.';
