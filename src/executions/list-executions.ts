import type { ExecutionQuery, ExecutionSummary } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { cutPage } from '../database/pages.ts';
import { beforeAll, cursorOf, placeOf } from './execution-cursor.ts';
import { withSince } from './filter-conditions.ts';
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
  const rows = await findPage({ db }, withSince(filter), { before, limit: limit + 1 });
  const { page, nextCursor } = cutPage(rows, limit, cursorOf);
  return { items: page.map(presentListed), nextCursor };
}
