import type { Message, WholeConversation } from '../contract/chat.ts';
import type { Database } from '../database/client.ts';
import { lastSeqOf } from '../executions/end-seq.ts';
import { AlfredError } from '../kernel/errors.ts';
import { eventIdOf } from './event-id.ts';
import { findConversation } from './find-conversation.ts';
import { presentConversations } from './present-conversation.ts';
import { presentMessages, withRun } from './present-messages.ts';
import { presentSummary } from './summary/keep-summary.ts';

/**
 * A conversation with all its messages, and from where to follow it.
 *
 * @throws AlfredError E_NOT_FOUND
 */
export async function getConversation({ db }: { db: Database }, id: string): Promise<WholeConversation> {
  // Of one moment: what is said meanwhile comes behind the last event, and not before it.
  return await db.transaction(
    async (tx) => {
      const row = await findConversation(tx, id);
      const rows = await tx.message.findMany({
        where: { conversationId: id, takenBackAt: null },
        orderBy: [{ turn: 'asc' }, { id: 'asc' }],
        include: withRun,
      });
      const [shown] = await presentConversations(tx, [row]);
      if (shown === undefined) throw new Error('A conversation that was just read is not there');
      const messages = await presentMessages(tx, rows);
      const summaries = await tx.conversationSummary.findMany({
        where: { conversationId: id },
        orderBy: [{ untilTurn: 'asc' }, { id: 'asc' }],
      });
      return {
        ...shown,
        messages,
        summaries: summaries.map(presentSummary),
        lastEventId: await lastEventId(tx, rows),
      };
    },
    { isolation: 'RepeatableRead' },
  );
}

type Row = { turn: number; executionId: string; execution: { completedAt: Date | null } };

/** Behind the last event of the turn under way, or of the last one. */
async function lastEventId(tx: Pick<Database['prisma'], '$queryRaw'>, rows: readonly Row[]): Promise<string> {
  const turn = rows.find(({ execution }) => execution.completedAt === null) ?? rows.at(-1);
  if (turn === undefined) return eventIdOf({ turn: 0, seq: 0 });
  return eventIdOf({ turn: turn.turn, seq: await lastSeqOf(tx, turn.executionId) });
}

/** @throws AlfredError E_NOT_FOUND */
export async function getMessage({ db }: { db: Database }, id: string): Promise<Message> {
  const row = await db.prisma.message.findUnique({ where: { id }, include: withRun });
  const [shown] = row === null ? [] : await presentMessages(db.prisma, [row]);
  if (shown === undefined) throw new AlfredError('E_NOT_FOUND', `There is no message ${id}.`);
  return shown;
}
