-- What was said in a run stood twice: message by message in its events, and in its trace. From now on a run that has ended
-- keeps its events in one row, without the messages, which are read from the trace (docs/decisions/0026). Runs that ended
-- before keep their rows.

CREATE TABLE "ended_events" (
    "execution_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3)[] NOT NULL,
    "step" INTEGER[] NOT NULL,
    "kind" TEXT[] NOT NULL,
    "data" JSONB[] NOT NULL,

    CONSTRAINT "ended_events_pkey" PRIMARY KEY ("execution_id")
);
ALTER TABLE "ended_events"
  ADD CONSTRAINT "ended_events_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  ADD CONSTRAINT "ended_events_as_many_of_each" CHECK (
    cardinality("at") >= 1 AND cardinality("at") = cardinality("step") AND cardinality("at") = cardinality("kind")
    AND cardinality("at") = cardinality("data")
  );
-- Compressed where they are, and beside the row only above a page: a run's events are some kilobytes and say the same words often.
ALTER TABLE "ended_events" ALTER COLUMN "at" SET STORAGE MAIN;
ALTER TABLE "ended_events" ALTER COLUMN "step" SET STORAGE MAIN;
ALTER TABLE "ended_events" ALTER COLUMN "kind" SET STORAGE MAIN;
ALTER TABLE "ended_events" ALTER COLUMN "data" SET STORAGE MAIN;
ALTER TABLE "ended_events" SET (toast_tuple_target = 128);

-- The events of every run, however they are kept. A message without data is the next one of the trace.
CREATE VIEW "all_events" AS
  SELECT "execution_id", "seq", "at", "step", "kind", "data" FROM "execution_events"
  UNION ALL
  SELECT "ended"."execution_id", "told"."seq"::int, "told"."at", "told"."step", "told"."kind", "told"."data"
  FROM "ended_events" AS "ended"
  JOIN "executions" AS "run" ON "run"."id" = "ended"."execution_id"
  CROSS JOIN LATERAL (
    SELECT "event"."seq", "event"."at"::timestamptz(3) AS "at", "event"."step", "event"."kind",
      coalesce("event"."data", "message"."data") AS "data"
    FROM (
      SELECT *, CASE WHEN "one"."kind" = 'message' THEN count(*) FILTER (WHERE "one"."kind" = 'message') OVER (ORDER BY "one"."seq") END AS "nth"
      FROM unnest("ended"."at", "ended"."step", "ended"."kind", "ended"."data") WITH ORDINALITY AS "one" ("at", "step", "kind", "data", "seq")
    ) AS "event"
    LEFT JOIN jsonb_array_elements(CASE jsonb_typeof("run"."trace") WHEN 'array' THEN "run"."trace" END)
      WITH ORDINALITY AS "message" ("data", "nth") ON "message"."nth" = "event"."nth"
  ) AS "told";

CREATE FUNCTION "guard_ended_events"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Retention removes events, once their execution is purged.
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT FROM "executions" WHERE "id" = OLD."execution_id" AND "purged_at" IS NOT NULL
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'events of a run that has ended neither change nor go before it is purged'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ended_events_append_only', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "ended_events_append_only" BEFORE UPDATE OR DELETE ON "ended_events"
  FOR EACH ROW EXECUTE FUNCTION "guard_ended_events"();

CREATE OR REPLACE FUNCTION "guard_execution_event"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Retention removes events, once their execution is purged; its end, once they stand in one row.
  IF TG_OP = 'DELETE' AND (EXISTS (
    SELECT FROM "ended_events" WHERE "execution_id" = OLD."execution_id" AND cardinality("kind") >= OLD."seq"
  ) OR EXISTS (
    SELECT FROM "executions" WHERE "id" = OLD."execution_id" AND "purged_at" IS NOT NULL
  )) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'events are appended: they neither change nor go before their execution is purged'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'execution_events_append_only', TABLE = TG_TABLE_NAME;
END $$;

-- As text, before compression: input, output, trace, events, steps and tool calls.
CREATE OR REPLACE FUNCTION "execution_payload_bytes"("execution" uuid, "input" jsonb, "output" text, "trace" jsonb) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT coalesce(octet_length("input"::text), 0) + coalesce(octet_length("output"), 0) + coalesce(octet_length("trace"::text), 0)
    + (SELECT coalesce(sum(octet_length("data"::text)), 0) FROM "execution_events" WHERE "execution_id" = "execution")
    + (SELECT coalesce(sum(octet_length("one"::text)), 0) FROM "ended_events", unnest("data") AS "one" WHERE "execution_id" = "execution")
    + (SELECT coalesce(sum(octet_length("execution_steps"."output")), 0) FROM "execution_steps" WHERE "execution_id" = "execution")
    + (SELECT coalesce(sum(octet_length("arguments"::text) + coalesce(octet_length("result"::text), 0)), 0)
       FROM "tool_calls" WHERE "execution_id" = "execution")
$$;

-- Nothing asks by these: calls are found by their run, uses of secrets by their place (secret_uses_once_idx) or their run.
DROP INDEX "tool_calls_connection_tool_created_at_idx";
DROP INDEX "secret_uses_label_last_used_at_idx";

COMMENT ON TABLE "ended_events" IS 'The events of a run that has ended, in order, in one row; a message without data is the next one of executions.trace. Read them by all_events.';
COMMENT ON VIEW "all_events" IS 'What happened in runs, event by event, however it is kept.';
