import { recordAudit } from '../audit/record-audit.ts';
import type { Database } from '../database/client.ts';
import { endLinksOf } from './approval-links.ts';
import { noChannel } from './channel-row.ts';

/** Removes a channel, one that somebody else changed as well, with all that waits for it, and the links that it was sent. @throws AlfredError E_NOT_FOUND */
export async function removeChannel({ db }: { db: Database }, name: string, actor: string): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await tx.noticeChannel.findUnique({ where: { name }, select: { id: true, kind: true } });
    if (row === null) throw noChannel(name);
    const waiting = await tx.noticeDelivery.count({ where: { channelId: row.id, status: 'waiting' } });
    await tx.noticeChannel.delete({ where: { id: row.id } });
    await endLinksOf(tx, name);
    const data = { ...row, waiting };
    await recordAudit(tx, { action: 'channel.removed', actor, subject: name, data });
  });
}
