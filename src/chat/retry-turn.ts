import { isFinal } from '../contract/execution-status.ts';
import type { Database } from '../database/client.ts';
import { findExecution } from '../executions/find-execution.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { turnOf } from '../executions/turn.ts';
import { sendMessage } from './send-message.ts';

/**
 * Has the answer that an execution gave, or failed to give, tried again: another branch of its conversation.
 *
 * @returns undefined for an execution that is no turn, or has not ended
 * @throws AlfredError E_NOT_FOUND, also when its conversation was deleted; E_VALIDATION when its message was purged; and what
 *   sending throws
 */
export async function retryTurn(
  deps: StartDeps & { db: Database },
  executionId: string,
  actor: string,
): Promise<{ executionId: string } | undefined> {
  const row = await findExecution(deps.db.prisma, executionId);
  const turn = turnOf(row);
  if (turn === undefined || !isFinal(row.status)) return undefined;
  return await sendMessage(deps, turn.conversationId, { text: '', retryOf: turn.answerId, actor });
}
