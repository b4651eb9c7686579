import type { Prisma, Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';

export type ConversationRow = Prisma.ConversationGetPayload<Record<string, never>>;

const noConversation = (id: string): AlfredError =>
  new AlfredError('E_NOT_FOUND', `There is no conversation ${id}.`, {
    remedy: 'See which there are: GET /api/v1/conversations',
  });

/** @throws AlfredError E_NOT_FOUND, also for one that was deleted */
export async function findConversation(
  db: Pick<Transaction, 'conversation'>,
  id: string,
): Promise<ConversationRow> {
  const row = await db.conversation.findUnique({ where: { id } });
  if (row === null || row.deletedAt !== null) throw noConversation(id);
  return row;
}

/** The same, held until the transaction ends: turns are begun one after the other. */
export async function holdConversation(tx: Transaction, id: string): Promise<ConversationRow> {
  await tx.$queryRaw`SELECT id FROM conversations WHERE id = ${id}::uuid FOR UPDATE`;
  return await findConversation(tx, id);
}
