import type { ExecutionSummary, ListedExecution } from '../contract/executions.ts';
import { noMark } from '../contract/marks.ts';
import type { Database } from '../database/client.ts';
import type { Redactor } from '../vault/redact.ts';
import { isUnread } from './filter-conditions.ts';
import { headlineOf } from './headline.ts';
import { type MarkRow, markColumns, presentMark } from './mark-row.ts';

type Result = { id: string; opening: string | null; unread: boolean } & MarkRow;

/** So much of an output is read for its first line, in characters. */
const enough = 1000;

/**
 * Adds to executions of a list what came of them, in a line or in the first `excerpt` characters, whether that is news, and what the owner said of it. It is
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
    `SELECT e.id::text, left(e.output, $2) AS opening, ${isUnread} IS TRUE AS unread, ${markColumns}
     FROM executions AS e LEFT JOIN execution_marks AS m ON m.execution_id = e.id WHERE e.id = ANY($1::uuid[])`,
    [items.map(({ id }) => id), Math.max(enough, excerpt)],
  );
  const results = new Map(rows.map((row) => [row.id, row]));
  return items.map((item) => {
    const found = results.get(item.id);
    const opening = found?.opening ?? null;
    // Once more: without its marks, a text may read as a secret that it did not read as before.
    const headline = opening === null ? null : redactor.text(headlineOf(opening));
    return {
      ...item,
      headline: headline === '' ? null : headline,
      excerpt: opening === null || excerpt === 0 ? null : opening.slice(0, excerpt),
      unread: found?.unread === true,
      mark: found === undefined ? noMark : presentMark(found),
    };
  });
}
