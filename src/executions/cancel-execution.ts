import { recordAudit } from '../audit/record-audit.ts';
import { isFinal } from '../contract/execution-status.ts';
import { notify } from '../database/channels.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { findExecution } from './find-execution.ts';
import { finishExecution } from './finish-execution.ts';
import type { StartDeps } from './start-execution.ts';

/**
 * Cancels an execution. One that waits ends at once; of one that runs, the worker that has it is told, wherever that is.
 *
 * @throws AlfredError E_NOT_FOUND, E_NOT_CANCELLABLE when it has ended
 */
export async function cancelExecution(deps: StartDeps, id: string, actor: string): Promise<void> {
  const { db } = deps;
  const row = await findExecution(db.prisma, id);
  if (isFinal(row.status)) {
    throw new AlfredError('E_NOT_CANCELLABLE', `This execution has ended already: ${row.status}.`, {
      remedy: 'Nothing is left to stop.',
    });
  }
  await db.transaction(async (tx) => {
    const first = await tx.execution.updateMany({
      where: { id, cancelRequestedAt: null, completedAt: null },
      data: { cancelRequestedAt: timeNow() },
    });
    if (first.count > 0) await recordAudit(tx, { action: 'execution.cancel_requested', actor, subject: id });
    // Told with the commit: whoever has it stops while the rest is looked at.
    await notify(tx, 'cancellations', id);
  });
  // Only while nobody has it: who has it ends it, so that nothing is left running behind a final row.
  const { count } = await db.prisma.execution.updateMany({
    where: { id, status: { in: ['queued', 'waiting_approval'] }, completedAt: null },
    data: { cancelRequestedAt: timeNow() },
  });
  if (count > 0) {
    await finishExecution(deps, id, {
      status: 'cancelled',
      error: {
        code: 'E_CANCELLED',
        message: `Cancelled by ${actor} ${row.startedAt === null ? 'before it began' : 'while it waited'}.`,
      },
      // Taken in this moment, it is ended by who took it.
      holder: null,
    });
  }
}
