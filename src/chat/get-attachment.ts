import type { Database } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';

/** @throws AlfredError E_NOT_FOUND, also for one whose content was dropped */
export async function getAttachment(
  { db }: { db: Database },
  conversationId: string,
  id: string,
): Promise<{ name: string; mediaType: string; data: Buffer }> {
  const row = await db.prisma.attachment.findFirst({
    where: { id, message: { conversationId, conversation: { deletedAt: null } } },
  });
  if (row === null || row.data === null) {
    throw new AlfredError(
      'E_NOT_FOUND',
      `The conversation has no attachment ${id}, or its content was dropped.`,
    );
  }
  return { name: row.name, mediaType: row.mediaType, data: Buffer.from(row.data) };
}
