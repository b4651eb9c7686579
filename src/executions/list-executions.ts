import type { ExecutionQuery, ExecutionSummary } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { beforeAll, cursorOf, placeOf } from './execution-cursor.ts';
import { findPage } from './find-page.ts';
import { presentListed } from './listed-row.ts';

/**
 * A page of executions, newest first.
 *
 * @throws AlfredError E_VALIDATION for a cursor that no page gave, and for a search that takes too long
 */
export async function listExecutions(
  { db }: { db: Pick<Database, 'pool'> },
  { limit, cursor, ...filter }: ExecutionQuery,
): Promise<{ items: ExecutionSummary[]; nextCursor: string | null }> {
  const before = cursor === undefined ? beforeAll : placeOf(cursor);
  const rows = await findPage({ db }, filter, { before, limit: limit + 1 });
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map(presentListed),
    nextCursor: rows.length > limit && last ? cursorOf(last) : null,
  };
}
