-- Who is signed in where, and by which way they came: so that its owner knows one session from another, and ends it.

ALTER TABLE "sessions"
  ADD COLUMN "way" TEXT,
  ADD COLUMN "passkey_id" UUID,
  ADD COLUMN "user_agent" TEXT,
  ADD COLUMN "address" TEXT,
  ADD CONSTRAINT "sessions_way_known" CHECK ("way" IN ('link', 'passkey', 'password'));

COMMENT ON COLUMN "sessions"."way" IS 'How its owner signed in; null of sessions from before it was kept.';
COMMENT ON COLUMN "sessions"."user_agent" IS 'As the browser calls itself, cut to 300 characters.';
COMMENT ON COLUMN "sessions"."address" IS 'Where the sign-in came from.';
