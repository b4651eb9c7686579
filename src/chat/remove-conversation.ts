import { recordAudit } from '../audit/record-audit.ts';
import type { Database } from '../database/client.ts';
import { cancelExecution } from '../executions/cancel-execution.ts';
import type { ExecutionFeed } from '../executions/execution-feed.ts';
import { purgeExecutions } from '../executions/purge-executions.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { waitForEnd } from '../executions/wait-for-end.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { findConversation, holdConversation } from './find-conversation.ts';

/** How long a turn under way may take to be stopped, in milliseconds. */
const stopWithinMs = 20_000;
/** How many executions are purged at once. */
const batch = 100;

/**
 * Deletes a conversation: what is under way is stopped, what was said and attached is dropped for good. Rows, hashes and
 * metrics of its executions stay, and the act is on record.
 *
 * @throws AlfredError E_NOT_FOUND; E_CONFLICT when a turn could not be stopped
 */
export async function removeConversation(
  deps: StartDeps & { db: Database; feed: ExecutionFeed },
  id: string,
  actor: string,
): Promise<void> {
  const { db } = deps;
  await findConversation(db.prisma, id);
  const open = await openTurns(db, id);
  // The last ones first: none that waits begins while those before it are stopped.
  for (const executionId of open.toReversed()) {
    await cancelExecution(deps, executionId, actor).catch((error: unknown) => {
      if (!isAlfredError(error, 'E_NOT_CANCELLABLE')) throw error;
    });
  }
  const gone = new AbortController().signal;
  await Promise.all(open.map((executionId) => waitForEnd(deps, executionId, stopWithinMs, gone)));
  await db.transaction(async (tx) => {
    await holdConversation(tx, id);
    if ((await openTurns({ prisma: tx }, id)).length > 0) {
      throw new AlfredError('E_CONFLICT', 'An answer of this conversation is still under way.', {
        remedy: 'Stop it, then delete the conversation.',
      });
    }
    await tx.conversation.update({ where: { id }, data: { deletedAt: timeNow(), title: '' } });
    await recordAudit(tx, { action: 'conversation.removed', actor, subject: id });
  });
  const rows = await db.prisma.message.findMany({
    where: { conversationId: id },
    select: { executionId: true },
    distinct: ['executionId'],
  });
  for (let from = 0; from < rows.length; from += batch) {
    const ids = rows.slice(from, from + batch).map(({ executionId }) => executionId);
    await purgeExecutions({ db }, { ids, actor, reason: 'by hand' });
  }
}

const openTurns = async (db: { prisma: Pick<Database['prisma'], 'message'> }, conversationId: string) => {
  const rows = await db.prisma.message.findMany({
    where: { conversationId, role: 'assistant', execution: { completedAt: null } },
    orderBy: { turn: 'asc' },
    select: { executionId: true },
  });
  return rows.map(({ executionId }) => executionId);
};
