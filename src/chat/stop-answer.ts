import type { Database } from '../database/client.ts';
import { cancelExecution } from '../executions/cancel-execution.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { isAlfredError } from '../kernel/errors.ts';
import { findConversation } from './find-conversation.ts';

/**
 * Stops the answer under way: its execution is cancelled, and what was said until then is kept. Messages that wait go on.
 *
 * @returns the execution, null when none was under way
 * @throws AlfredError E_NOT_FOUND
 */
export async function stopAnswer(
  deps: StartDeps & { db: Database },
  conversationId: string,
  actor: string,
): Promise<{ executionId: string | null }> {
  await findConversation(deps.db.prisma, conversationId);
  const first = await deps.db.prisma.message.findFirst({
    where: { conversationId, role: 'assistant', execution: { completedAt: null } },
    orderBy: { turn: 'asc' },
    select: { executionId: true },
  });
  if (first === null) return { executionId: null };
  try {
    await cancelExecution(deps, first.executionId, actor);
  } catch (error) {
    // It ended by itself in this moment.
    if (!isAlfredError(error, 'E_NOT_CANCELLABLE')) throw error;
  }
  return first;
}
