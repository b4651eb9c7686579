/** Executions as they end, whichever process ended them: each is given once. Nothing of their content is read. */

import type { Database } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';

export type EndedExecution = {
  id: string;
  skillSlug: string;
  status: 'succeeded' | 'failed' | 'cancelled';
  mode: 'live' | 'rehearsal' | 'replay';
  trigger: string;
  errorCode: string | null;
  model: string | null;
  createdAt: Date;
  startedAt: Date | null;
  completedAt: Date;
  durationMs: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** US dollars; null: unpriced. */
  costUsd: number | null;
};

/** An end is on record a moment after its time, when its transaction commits; in milliseconds. */
const overlapMs = 150_000;

/** Gives, at each call, those that ended since this was made and were not given before. Calls take turns. */
export function createEndedReader({ pool }: Pick<Database, 'pool'>): () => Promise<EndedExecution[]> {
  let from = timeNow();
  const began = from;
  let given = new Map<string, number>();
  let turn: Promise<unknown> = Promise.resolve();

  async function read(): Promise<EndedExecution[]> {
    const { rows } = await pool.query<EndedExecution>(
      `SELECT id, skill_slug AS "skillSlug", status::text, mode::text, "trigger"::text, error_code AS "errorCode", model,
         created_at AS "createdAt", started_at AS "startedAt", completed_at AS "completedAt",
         coalesce(duration_ms, 0) AS "durationMs", input_tokens::float8 AS "inputTokens",
         output_tokens::float8 AS "outputTokens", cache_read_tokens::float8 AS "cacheReadTokens",
         cache_write_tokens::float8 AS "cacheWriteTokens", cost_usd::float8 AS "costUsd"
       FROM executions WHERE completed_at >= $1 ORDER BY completed_at, id`,
      [from],
    );
    const news = rows.filter(({ id }) => !given.has(id));
    const last = Math.max(from.getTime(), ...rows.map(({ completedAt }) => completedAt.getTime()));
    from = new Date(Math.max(began.getTime(), last - overlapMs));
    given = new Map(
      rows.filter(({ completedAt }) => completedAt >= from).map((row) => [row.id, row.completedAt.getTime()]),
    );
    return news;
  }

  return () => {
    const mine = turn.then(read, read);
    turn = mine.catch(() => {});
    return mine;
  };
}
