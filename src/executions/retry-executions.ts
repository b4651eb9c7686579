import type { RetriedExecutions } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';

/**
 * Runs several again, in the order in which they were begun. Each that cannot be says why, and the others go on.
 *
 * @param retry runs one again
 */
export async function retryExecutions(
  deps: { db: Database },
  ids: readonly string[],
  retry: (id: string) => Promise<{ executionId: string }>,
): Promise<RetriedExecutions> {
  const done: RetriedExecutions = { started: [], refused: [] };
  const rows = await deps.db.prisma.execution.findMany({
    where: { id: { in: [...ids] } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  });
  for (const { id } of rows) {
    try {
      await refuseSecond(deps, id);
      const { executionId } = await retry(id);
      done.started.push({ id, executionId });
    } catch (error) {
      if (!isAlfredError(error)) throw error;
      done.refused.push({ id, code: error.code, message: error.message });
    }
  }
  return done;
}

/** By hand one may run again what was run again; many at once, nobody looked at each. */
async function refuseSecond({ db }: { db: Database }, id: string): Promise<void> {
  if ((await db.prisma.execution.count({ where: { retryOf: id } })) > 0)
    throw new AlfredError('E_NOT_RETRYABLE', 'It was run again already.');
}
