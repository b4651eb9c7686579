/** A run whose trace is long, written into the database as its end would have. */
import type { ClientBase } from 'pg';

const messageBytes = 10_000;

/** Messages of which no two are the same, and which compress as prose does. */
const insertSql = `
  WITH message AS (
    SELECT n, jsonb_build_object('type', CASE n % 2 WHEN 0 THEN 'assistant' ELSE 'user' END, 'message', jsonb_build_object(
      'role', CASE n % 2 WHEN 0 THEN 'assistant' ELSE 'user' END, 'content', jsonb_build_array(jsonb_build_object(
        'type', 'text', 'text', (SELECT string_agg('item ' || hashint4(n * 1000 + k), ', line ') FROM generate_series(1, $3::int / 24) k)
      )))) AS data
    FROM generate_series(1, $2::int) n
  ), run AS (
    INSERT INTO executions (id, skill_slug, skill_version, skill_hash, actor, trigger, status, input, output, trace,
      input_hash, output_hash, trace_hash, content_hash, started_at, completed_at)
    SELECT $1::uuid, 'long', 1, sha256('skill'), 'owner', 'manual', 'succeeded', '{}', 'Done.',
      (SELECT jsonb_agg(data ORDER BY n) FROM message), sha256('input'), sha256('output'), sha256('trace'), sha256('content'), now(), now()
  )
  INSERT INTO ended_events (execution_id, at, step, kind, data)
  SELECT $1::uuid, array_fill(now(), ARRAY[$2::int + 1]), array_fill(1, ARRAY[$2::int + 1]),
    array_fill('message'::text, ARRAY[$2::int]) || 'end'::text,
    array_fill(NULL::jsonb, ARRAY[$2::int]) || '{"status": "succeeded"}'::jsonb`;

/** Inserts a run of so many megabytes; of one message when 0. */
export async function insertLongTrace(client: ClientBase, id: string, megabytes: number): Promise<void> {
  const messages = Math.max(1, Math.round((megabytes * 1_000_000) / messageBytes));
  await client.query(insertSql, [id, messages, messageBytes]);
}
