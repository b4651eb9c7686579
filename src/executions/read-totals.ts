import type { ExecutionFilter, ExecutionTotals } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { conditionsOf, hasWords, isUnread, withSince } from './filter-conditions.ts';
import { readPatiently } from './patient-read.ts';
import { wordsIn } from './search-executions.ts';

/**
 * What the executions that fit a filter come to.
 *
 * @throws AlfredError E_VALIDATION for a search that takes too long
 */
export async function readTotals(
  { db }: { db: Pick<Database, 'pool'> },
  asked: ExecutionFilter,
): Promise<ExecutionTotals> {
  const words = await wordsIn(db, asked.q);
  if (words === '') return nothing;
  const values: unknown[] = [];
  const conditions = conditionsOf(withSince(asked), values);
  if (words !== undefined) conditions.push(hasWords(words, values));
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return await readPatiently({ db }, async (client) => {
    const { rows } = await client.query<ExecutionTotals>(
      `SELECT ${sums} FROM executions AS e ${where}`,
      values,
    );
    return rows[0] ?? nothing;
  });
}

const how = (condition: string): string => `(count(*) FILTER (WHERE ${condition}))::int`;

const sums = `count(*)::int AS executions, ${how(`e.status = 'failed'`)} AS failed,
  ${how(`e.status IN ('queued', 'waiting_approval')`)} AS waiting, ${how(`e.status = 'running'`)} AS running,
  ${how(isUnread)} AS unread, coalesce(sum(e.cost_usd), 0)::float8 AS "costUsd",
  ${how('e.completed_at IS NOT NULL AND e.cost_usd IS NULL')} AS unpriced,
  coalesce(sum(e.token_count), 0)::float8 AS tokens, coalesce(sum(e.duration_ms), 0)::float8 AS "durationMs"`;

const nothing: ExecutionTotals = {
  ...{ executions: 0, failed: 0, waiting: 0, running: 0, unread: 0 },
  ...{ costUsd: 0, unpriced: 0, tokens: 0, durationMs: 0 },
};
