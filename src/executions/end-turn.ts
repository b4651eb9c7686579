import type { Prisma, Transaction } from '../database/client.ts';
import type { Queue } from '../queue/queue.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { ExecutionRow } from './find-execution.ts';
import { resendJob } from './resend-job.ts';
import { saidInTurn } from './said-in-turn.ts';
import { turnOf } from './turn.ts';

/**
 * Writes the answer of a turn that ends, however it ends, with its conversation, and sends the job of the turn that waited
 * for it. In the transaction of the execution's end: no answer is lost, and none is begun twice.
 */
export async function endTurn(
  { queue, tx }: { queue: Queue; tx: Transaction },
  row: ExecutionRow,
  completedAt: Date,
): Promise<void> {
  const turn = turnOf(row);
  if (turn === undefined) return;
  // Whoever sends a message meanwhile sees either this end, or the turn still open.
  await tx.$queryRaw`SELECT id FROM conversations WHERE id = ${turn.conversationId}::uuid FOR UPDATE`;
  const answer = await tx.message.findUnique({ where: { id: turn.answerId } });
  if (answer === null) return;
  const said = saidInTurn(await readSaid(tx, row.id));
  const written = { text: said.text, content: said.content as unknown as Prisma.JsonArray };
  const mac = rowGuardOf(tx).sign('messages', { ...answer, ...written });
  await tx.message.update({
    where: { id: answer.id },
    data: {
      text: said.text,
      content: written.content as Prisma.InputJsonValue,
      finishedAt: completedAt,
      mac,
    },
  });
  await tx.conversation.update({ where: { id: turn.conversationId }, data: { updatedAt: completedAt } });
  const next = await firstOpenTurn(tx, turn.conversationId, row.id);
  if (next !== undefined) await resendJob({ queue, tx }, next);
}

/** The events of an execution that say what its model said. */
export const readSaid = (tx: Pick<Transaction, '$queryRaw'>, executionId: string) =>
  tx.$queryRaw<Parameters<typeof saidInTurn>[0][number][]>`
    SELECT kind, data FROM all_events
    WHERE execution_id = ${executionId}::uuid AND kind IN ('delta', 'message') ORDER BY seq`;

/** The turn whose turn it is, where nobody is at it yet: the first that has not ended, but for `ending`. */
async function firstOpenTurn(
  tx: Transaction,
  conversationId: string,
  ending: string,
): Promise<string | undefined> {
  const [first] = await tx.$queryRaw<{ id: string; isWaiting: boolean }[]>`
    SELECT e.id::text, e.status = 'queued' AND e.claimed_by IS NULL AS "isWaiting"
    FROM messages m JOIN executions e ON e.id = m.execution_id
    WHERE m.conversation_id = ${conversationId}::uuid AND m.role = 'assistant'
      AND e.completed_at IS NULL AND e.id <> ${ending}::uuid
    ORDER BY m.turn LIMIT 1`;
  return first?.isWaiting === true ? first.id : undefined;
}

/** Whether a turn before this one in its conversation has not ended yet. */
export async function isBehindAnother(
  tx: Pick<Transaction, '$queryRaw'>,
  executionId: string,
): Promise<boolean> {
  const [found] = await tx.$queryRaw<{ open: boolean }[]>`
    SELECT EXISTS (
      SELECT FROM messages m
      JOIN messages before ON before.conversation_id = m.conversation_id AND before.turn < m.turn
      JOIN executions e ON e.id = before.execution_id AND e.completed_at IS NULL
      WHERE m.execution_id = ${executionId}::uuid) AS open`;
  return found?.open === true;
}
