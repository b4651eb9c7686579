-- What a person approved in so many words, without secrets: approved_hash pins it, and this is what a change is shown against.
ALTER TABLE "connections" ADD COLUMN "approved_part" JSONB;
