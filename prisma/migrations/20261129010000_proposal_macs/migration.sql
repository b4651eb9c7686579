-- What is proposed becomes a skill by one word of a person: it carries a MAC, as every row that directs does.

ALTER TABLE "proposals" ADD COLUMN "mac" BYTEA;
