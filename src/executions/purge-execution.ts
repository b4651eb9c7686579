import type { PurgedExecution } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { findExecution } from './find-execution.ts';
import { purgeExecutions } from './purge-executions.ts';

/**
 * Drops the payloads of one execution, for good. One that was purged already stays as it is.
 *
 * @throws AlfredError E_NOT_FOUND, E_CONFLICT for one that has not ended
 */
export async function purgeExecution(
  { db }: { db: Database },
  id: string,
  actor: string,
): Promise<PurgedExecution> {
  const row = await findExecution(db.prisma, id);
  if (row.completedAt === null) {
    throw new AlfredError('E_CONFLICT', `Execution ${id} has not ended: it is ${row.status}.`, {
      remedy: 'Cancel it first, or wait for its end.',
    });
  }
  const { bytes } = await purgeExecutions({ db }, { ids: [row.id], actor, reason: 'by hand' });
  const { purgedAt } = await findExecution(db.prisma, id);
  return { executionId: row.id, purgedAt: (purgedAt ?? timeNow()).toISOString(), freedBytes: bytes };
}
