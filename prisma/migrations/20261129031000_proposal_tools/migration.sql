-- Which tools a proposal was made for, as they were: one that went since, or became another, makes it stale.

ALTER TABLE "proposals" ADD COLUMN "tools" JSONB;
