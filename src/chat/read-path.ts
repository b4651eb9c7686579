/** The branch that a turn goes on: what was said on it, from the beginning or from the last summary on. */
import type { Prisma, Transaction } from '../database/client.ts';
import type { TurnMark } from '../executions/turn.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Row } from './message-content.ts';

export type Path = {
  /** What stands for all that was said before. */
  summary: Prisma.ConversationSummaryGetPayload<object> | undefined;
  /** Oldest first, without what was taken back; the last one is the message that is answered. */
  rows: Row[];
};

/** @throws AlfredError E_ROW_ALTERED */
export async function readPath(tx: Transaction, { conversationId, messageId }: TurnMark): Promise<Path> {
  const places = await tx.message.findMany({
    where: { conversationId },
    select: { id: true, parentId: true, takenBackAt: true },
  });
  const byId = new Map(places.map((place) => [place.id, place]));
  const ids: string[] = [];
  for (let place = byId.get(messageId); place !== undefined; place = byId.get(place.parentId ?? '')) {
    if (place.takenBackAt === null) ids.unshift(place.id);
  }
  const summary = await latestSummary(tx, conversationId, ids);
  const rest = summary === undefined ? ids : ids.slice(ids.indexOf(summary.untilId) + 1);
  const rows = await tx.message.findMany({
    where: { id: { in: rest } },
    include: { attachments: { orderBy: { number: 'asc' } } },
  });
  const guard = rowGuardOf(tx);
  // Of a message whose run was purged nothing is left to go on from.
  for (const row of rows) if (row.mac !== null) guard.check('messages', row);
  const at = new Map(rest.map((id, index) => [id, index]));
  return { summary, rows: rows.toSorted((a, b) => (at.get(a.id) ?? 0) - (at.get(b.id) ?? 0)) };
}

/** One that was emptied, with what it tells of, is none. */
async function latestSummary(
  tx: Transaction,
  conversationId: string,
  ids: readonly string[],
): Promise<Path['summary']> {
  const found = await tx.conversationSummary.findFirst({
    where: { conversationId, untilId: { in: [...ids] }, text: { not: '' } },
    orderBy: [{ untilTurn: 'desc' }, { id: 'desc' }],
  });
  if (found === null) return undefined;
  rowGuardOf(tx).check('conversation_summaries', found);
  return found;
}
