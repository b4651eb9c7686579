/** Finished executions of a year, with text as skills write it and traces if wanted, made within the database. */
import { performance } from 'node:perf_hooks';
import type { Database } from '../src/database/client.ts';

const sentences = 4000;

/** Some 3,000 words, a few of which are everywhere, as in any language; and fixed ones for the searches. */
function makeSentences(): string[] {
  let state = 42;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const syllables = 'ka lo mi ren sto vel dar ni pu ter fa gen ho li zu bra que shi mon ta'.split(' ');
  const pick = () => syllables[Math.floor(random() * syllables.length)] ?? '';
  const words = Array.from({ length: 3000 }, () => Array.from({ length: 2 + random() * 2 }, pick).join(''));
  return Array.from({ length: sentences }, () =>
    Array.from({ length: 8 + random() * 10 }, () => words[Math.floor(words.length * random() ** 3)]).join(
      ' ',
    ),
  );
}

/**
 * Inserts `rows` executions, evenly over the last year, and analyses the table.
 *
 * @param options.searchable false leaves the index of the search away, which takes longer than the rows
 * @param options.turns how many turns of a model each trace has, of some 700 bytes each; none when left out
 */
export async function seedExecutions(
  db: Pick<Database, 'pool'>,
  rows: number,
  say: (line: string) => void = console.log,
  { searchable = true, turns = 0 }: { searchable?: boolean; turns?: number } = {},
): Promise<void> {
  const client = await db.pool.connect();
  const began = performance.now();
  const since = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
  try {
    const index = await client.query<{ indexdef: string }>(
      "SELECT indexdef FROM pg_indexes WHERE indexname = 'executions_search_idx'",
    );
    await client.query(
      `SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '64MB'`,
    );
    await client.query('DROP INDEX IF EXISTS executions_search_idx');
    await client.query('CREATE TEMP TABLE sentence (n int PRIMARY KEY, text text)');
    await client.query(
      'INSERT INTO sentence SELECT ordinality - 1, text FROM unnest($1::text[]) WITH ORDINALITY AS t (text)',
      [makeSentences()],
    );
    const batch = 50_000;
    for (let from = 0; from < rows; from += batch) {
      await client.query(insertSql, [from, Math.min(from + batch, rows) - 1, rows, sentences, turns]);
    }
    say(`${since()}: ${rows.toLocaleString('en')} rows`);
    if (searchable) {
      await client.query(index.rows[0]?.indexdef ?? '');
      await client.query('ALTER INDEX executions_search_idx ALTER COLUMN 1 SET STATISTICS 0');
      say(`${since()}: search index`);
    }
    await client.query('VACUUM ANALYZE executions');
    say(`${since()}: analysed`);
  } finally {
    client.release(true);
  }
}

const insertSql = `
  WITH run AS (
    SELECT n, now() - (($3::int - n) * interval '365 days' / $3::int) AS at, (hashint4(n) & 1048575) AS h,
      (hashint4(n + 7777777) & 1048575) AS g
    FROM generate_series($1::int, $2::int) AS n
  )
  INSERT INTO executions (id, skill_slug, skill_version, skill_hash, mode, model, actor, trigger, status, input, output,
    error, error_code, duration_ms, token_count, input_tokens, output_tokens, cost_usd, reported_to_core,
    input_hash, output_hash, trace_hash, content_hash, trace, created_at, started_at, completed_at)
  SELECT
    (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(h & 4095), 3, '0')
      || '8' || lpad(to_hex(run.n), 15, '0'))::uuid,
    CASE WHEN run.n % 100000 = 77 THEN 'once-a-blue-moon' WHEN run.n % 10 = 3 AND run.n < $3::int / 2 THEN 'retired'
      ELSE 'skill-' || (h % 20) END,
    1, sha256('skill'), (CASE WHEN h % 50 = 7 THEN 'rehearsal' ELSE 'live' END)::execution_mode, 'claude-sonnet-5-5', 'owner',
    (ARRAY['manual', 'schedule', 'schedule', 'schedule', 'schedule', 'schedule', 'webhook', 'webhook', 'webhook', 'chat'])[1 + g % 10]::trigger_type,
    (CASE WHEN g % 25 = 3 THEN 'failed' WHEN g % 200 = 9 THEN 'cancelled' ELSE 'succeeded' END)::execution_status,
    jsonb_build_object('customer', 'Customer ' || (h % 5000), 'order', 'order' || run.n, 'note', a.text),
    CASE WHEN h % 2 = 0 THEN 'The weekly report is ready. ' ELSE 'Nothing to do. ' END
      || CASE WHEN g % 100 = 5 THEN 'A walrus was seen. ' WHEN g % 100 = 6 THEN 'An okapi was seen. ' ELSE '' END
      || CASE WHEN g % 10000 = 42 THEN 'A heron too. ' ELSE '' END
      || b.text || '. ' || c.text || '. ' || d.text || '.',
    CASE WHEN g % 25 = 3 THEN 'The model could not be reached.' END, CASE WHEN g % 25 = 3 THEN 'E_MODEL_UNREACHABLE' END,
    1000 + h % 60000, 500 + h % 9000, 400 + h % 8000, 100 + h % 1000, round((0.0005 * exp((h % 10000) / 1400.0))::numeric, 6), false,
    sha256('input'), sha256('output'), sha256('trace'), sha256('content'), coalesce(trace, '[]'), at, at, at + interval '20 seconds'
  FROM run
  JOIN sentence a ON a.n = (h * 7) % $4::int
  JOIN sentence b ON b.n = (h / 3 + g) % $4::int
  JOIN sentence c ON c.n = (g * 3) % $4::int
  JOIN sentence d ON d.n = (h + g / 5) % $4::int
  -- As Claude has them: text, and beside it what does not compress, ids and the signature of a thought.
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('type', 'assistant', 'uuid', gen_random_uuid(), 'session_id', gen_random_uuid(),
      'message', jsonb_build_object('role', 'assistant', 'content', jsonb_build_array(
        jsonb_build_object('type', 'thinking', 'thinking', e.text,
          'signature', encode(sha512(gen_random_uuid()::text::bytea) || sha512(gen_random_uuid()::text::bytea), 'base64')),
        jsonb_build_object('type', 'text', 'text', f.text || '. ' || e.text))))) AS trace
    FROM generate_series(1, $5::int) AS turn
    JOIN sentence e ON e.n = (h * turn + g) % $4::int
    JOIN sentence f ON f.n = (g * turn + run.n) % $4::int
  ) AS traces
  ORDER BY run.n`;
