-- What a SKILL.md from elsewhere says that is not ours (its licence, its metadata), so that the export gives it back.
ALTER TABLE "skills" ADD COLUMN "frontmatter" JSONB;

COMMENT ON COLUMN "skills"."frontmatter" IS 'Of the SKILL.md that it came from: what is not ours, for the export.';
