import type { Database } from '../database/client.ts';
import { finishExecution } from '../executions/finish-execution.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { holdConversation } from './find-conversation.ts';

/**
 * Takes back a message that waits its turn: it is said to nobody. Its execution ends as cancelled, and stays on record.
 *
 * @throws AlfredError E_NOT_FOUND; E_CONFLICT once its answer has begun
 */
export async function takeBackMessage(
  deps: StartDeps & { db: Database },
  conversationId: string,
  messageId: string,
  actor: string,
): Promise<void> {
  const { db } = deps;
  const found = await db.prisma.message.findFirst({
    where: { id: messageId, conversationId },
    include: { execution: { select: { startedAt: true, completedAt: true } } },
  });
  if (found === null) throw new AlfredError('E_NOT_FOUND', `The conversation has no message ${messageId}.`);
  if (found.takenBackAt !== null) return;
  // From `queued` alone, and while nobody has it: who has taken it meanwhile goes on.
  const isEnded =
    found.execution.startedAt === null &&
    (await finishExecution(deps, found.executionId, {
      status: 'cancelled',
      error: { code: 'E_CANCELLED', message: `Taken back by ${actor} before it began.` },
      holder: null,
      from: 'queued',
    }));
  if (!isEnded) {
    throw new AlfredError('E_CONFLICT', 'This message waits no more: its answer has begun.', {
      remedy: 'Stop the answer instead.',
    });
  }
  await db.transaction(async (tx) => {
    const conversation = await holdConversation(tx, conversationId);
    await tx.message.updateMany({
      where: { conversationId, executionId: found.executionId },
      data: { takenBackAt: timeNow() },
    });
    const mine = await tx.message.findMany({
      where: { executionId: found.executionId },
      select: { id: true },
    });
    if (!mine.some(({ id }) => id === conversation.headId)) return;
    await tx.conversation.update({ where: { id: conversationId }, data: { headId: found.parentId } });
  });
}
