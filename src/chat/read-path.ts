/** The branch that a turn goes on: what was said on it, from the beginning or from the last summary on. */
import type { Prisma, Transaction } from '../database/client.ts';
import type { TurnMark } from '../executions/turn.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Row } from './message-content.ts';
import { readTokens } from './summary/read-tokens.ts';

export type Path = {
  /** What stands for all that was said before. */
  summary: Prisma.ConversationSummaryGetPayload<object> | undefined;
  /** Oldest first, without what was taken back; the last one is where the branch ends: of a turn, the message that is answered. */
  rows: Row[];
  /** What the endpoint counted for the last answer on it, in tokens; undefined where it counted nothing. */
  counted: number | undefined;
};

/** @throws AlfredError E_ROW_ALTERED */
export async function readPath(
  tx: Transaction,
  { conversationId, messageId }: Pick<TurnMark, 'conversationId' | 'messageId'>,
): Promise<Path> {
  // What does not follow from another is asked for at once: the turn's person waits.
  const [places, summaries] = await Promise.all([
    tx.message.findMany({
      where: { conversationId },
      select: { id: true, parentId: true, takenBackAt: true, role: true, executionId: true },
    }),
    // One that was emptied, with what it tells of, is none.
    tx.conversationSummary.findMany({
      where: { conversationId, text: { not: '' } },
      orderBy: [{ untilTurn: 'desc' }, { id: 'desc' }],
    }),
  ]);
  const byId = new Map(places.map((place) => [place.id, place]));
  const ids: string[] = [];
  for (let place = byId.get(messageId); place !== undefined; place = byId.get(place.parentId ?? '')) {
    if (place.takenBackAt === null) ids.unshift(place.id);
  }
  const guard = rowGuardOf(tx);
  const onPath = new Set(ids);
  const summary = summaries.find(({ untilId }) => onPath.has(untilId));
  if (summary !== undefined) guard.check('conversation_summaries', summary);
  const rest = summary === undefined ? ids : ids.slice(ids.indexOf(summary.untilId) + 1);
  const last = rest.map((id) => byId.get(id)).findLast((place) => place?.role === 'assistant');
  const [messages, attachments, counted] = await Promise.all([
    tx.message.findMany({ where: { id: { in: rest } } }),
    tx.attachment.findMany({ where: { messageId: { in: rest } }, orderBy: { number: 'asc' } }),
    last && readTokens(tx, last.executionId),
  ]);
  const attached = Map.groupBy(attachments, ({ messageId }) => messageId);
  const rows = messages.map((row): Row => ({ ...row, attachments: attached.get(row.id) ?? [] }));
  // Of a message whose run was purged nothing is left to go on from.
  for (const row of rows) if (row.mac !== null) guard.check('messages', row);
  const at = new Map(rest.map((id, index) => [id, index]));
  return { summary, rows: rows.toSorted((a, b) => (at.get(a.id) ?? 0) - (at.get(b.id) ?? 0)), counted };
}
