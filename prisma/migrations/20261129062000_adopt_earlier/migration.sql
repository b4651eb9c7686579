-- What was on record before there was an audit chain is taken into it as it stands: executions were, by the migration that
-- brought the chain; versions of skills and calls by hand were left out, and looked as if they had been put in.
-- Only what is older than the first event: whoever puts rows in later is still found.
WITH "began" AS (
  SELECT coalesce(least((SELECT min("at") FROM "audit_events"), (SELECT min("at") FROM "audit_inbox")), now()) AS "at"
)
INSERT INTO "audit_inbox" ("id", "at", "actor", "action", "subject", "data")
  SELECT gen_random_uuid(), now(), v."created_by", 'skill.adopted', coalesce(s."slug", v."skill_id"::text),
    jsonb_build_object('adopted', true, 'id', v."skill_id", 'version', v."version", 'note', v."note",
      'contentHash', encode(v."content_hash", 'hex'))
  FROM "skill_versions" v LEFT JOIN "skills" s ON s."id" = v."skill_id" CROSS JOIN "began"
  WHERE v."created_at" <= "began"."at" AND NOT EXISTS (
    SELECT FROM (
      SELECT "data" FROM "audit_events" WHERE "action" IN ('skill.created', 'skill.changed')
      UNION ALL SELECT "data" FROM "audit_inbox" WHERE "action" IN ('skill.created', 'skill.changed')
    ) a WHERE a."data" ->> 'id' = v."skill_id"::text AND a."data" ->> 'version' = v."version"::text
  )
  ORDER BY v."skill_id", v."version";

WITH "began" AS (
  SELECT coalesce(least((SELECT min("at") FROM "audit_events"), (SELECT min("at") FROM "audit_inbox")), now()) AS "at"
)
INSERT INTO "audit_inbox" ("id", "at", "actor", "action", "subject", "data")
  SELECT gen_random_uuid(), now(), 'system', 'connection.tool_called', c."id"::text, '{"adopted": true}'::jsonb
  FROM "tool_calls" c CROSS JOIN "began"
  WHERE c."execution_id" IS NULL AND c."status" IN ('done', 'failed') AND c."created_at" <= "began"."at"
    AND NOT EXISTS (SELECT FROM "audit_events" a WHERE a."action" = 'connection.tool_called' AND a."subject" = c."id"::text)
    AND NOT EXISTS (SELECT FROM "audit_inbox" a WHERE a."action" = 'connection.tool_called' AND a."subject" = c."id"::text);
