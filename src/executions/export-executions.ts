import type { Execution, ExecutionFilter } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { beforeAll, type Place } from './execution-cursor.ts';
import { withSince } from './filter-conditions.ts';
import { findPage } from './find-page.ts';
import { getExecution } from './get-execution.ts';

const pageSize = 50;

/**
 * Every execution that fits, newest first, whole and redacted as it is stored. One at a time is in memory; what begins
 * meanwhile is not in it.
 */
export async function* exportExecutions(
  { db }: { db: Database },
  asked: ExecutionFilter,
): AsyncGenerator<Execution, void> {
  const filter = withSince(asked);
  let before: Place | undefined = beforeAll;
  while (before) {
    const rows = await findPage({ db }, filter, { before, limit: pageSize });
    for (const { id } of rows) yield await getExecution({ db }, id);
    before = rows.length < pageSize ? undefined : rows.at(-1);
  }
}
