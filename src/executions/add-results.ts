import type { ExecutionSummary, ListedExecution } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import type { Redactor } from '../vault/redact.ts';
import { headlineOf } from './headline.ts';
import { newsDays } from './read-executions.ts';

type Result = { id: string; opening: string | null; unread: boolean };

/** So much of an output is read for its first line, in characters. */
const enough = 1000;

/**
 * Adds to executions of a list what came of them, in a line or in the first `excerpt` characters, and whether that is news. It is
 * read from the output itself, so it is redacted as that is and gone when that is purged.
 */
export async function addResults(
  { db, vault: { redactor } }: { db: Pick<Database, 'pool'>; vault: { redactor: Redactor } },
  items: readonly ExecutionSummary[],
  excerpt: number,
): Promise<ListedExecution[]> {
  if (items.length === 0) return [];
  // PostgreSQL reads no more of a long text than its beginning.
  const { rows } = await db.pool.query<Result>(
    `SELECT id::text, left(output, $2) AS opening,
       mode = 'live' AND "trigger" IN ('schedule', 'webhook') AND status IN ('succeeded', 'failed')
         AND completed_at > now() - make_interval(days => $3)
         AND NOT EXISTS (SELECT FROM execution_reads WHERE execution_id = id) AS unread
     FROM executions WHERE id = ANY($1::uuid[])`,
    [items.map(({ id }) => id), Math.max(enough, excerpt), newsDays],
  );
  const results = new Map(rows.map((row) => [row.id, row]));
  return items.map((item) => {
    const { opening = null, unread = false } = results.get(item.id) ?? {};
    // Once more: without its marks, a text may read as a secret that it did not read as before.
    const headline = opening === null ? null : redactor.text(headlineOf(opening));
    return {
      ...item,
      headline: headline === '' ? null : headline,
      excerpt: opening === null || excerpt === 0 ? null : opening.slice(0, excerpt),
      unread: unread === true,
    };
  });
}
