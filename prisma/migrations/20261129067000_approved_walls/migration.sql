-- Behind which walls a program was approved: where none can be built later, it waits for an approval as it would run then.

ALTER TABLE "connections" ADD COLUMN "approved_walls" TEXT;
