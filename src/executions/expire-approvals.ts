import { readSettledNow } from '../database/times.ts';
import { finishExecution } from './finish-execution.ts';
import type { StartDeps } from './start-execution.ts';

/**
 * Ends the runs whose calls nobody decided about in time: closed, as failed. Nothing of them is called.
 *
 * @returns how many runs
 */
export async function expireApprovals(deps: StartDeps): Promise<number> {
  const { db } = deps;
  const late = await db.prisma.approval.findMany({
    where: { status: 'pending', expiresAt: { lte: await readSettledNow(db.pool) } },
    distinct: ['executionId'],
    take: 100,
  });
  let count = 0;
  for (const row of late) {
    const ended = await finishExecution(deps, row.executionId, {
      status: 'failed',
      error: {
        code: 'E_APPROVAL_EXPIRED',
        message: `Nobody decided about ${row.tool} of "${row.connection}" until ${row.expiresAt.toISOString()}, so it was not called. Retry the run to be asked again.`,
      },
      holder: null,
      from: 'waiting_approval',
    });
    if (ended) count++;
  }
  return count;
}
