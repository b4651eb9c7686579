import type { Execution } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { beforeAll, type Place } from './execution-cursor.ts';
import { findPage } from './find-page.ts';
import { getExecution } from './get-execution.ts';
import type { Filter } from './search-executions.ts';

const pageSize = 50;

/**
 * Every execution that fits, newest first, whole and redacted as it is stored. One at a time is in memory; what begins
 * meanwhile is not in it.
 */
export async function* exportExecutions(
  { db }: { db: Database },
  filter: Filter,
): AsyncGenerator<Execution, void> {
  let before: Place | undefined = beforeAll;
  while (before) {
    const rows = await findPage({ db }, filter, { before, limit: pageSize });
    for (const { id } of rows) yield await getExecution({ db }, id);
    before = rows.length < pageSize ? undefined : rows.at(-1);
  }
}
