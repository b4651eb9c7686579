import { recordAudit, systemActor } from '../audit/record-audit.ts';
import type { Database } from '../database/client.ts';
import type { Clock } from '../kernel/clock.ts';
import { announce } from '../queue/announce.ts';
import type { Queue } from '../queue/queue.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { endLinksOf } from './approval-links.ts';
import { findChannel } from './channel-row.ts';

/**
 * Switches a channel off whose other side will never take anything again: what waits for it is given up, it says why, and the other
 * channels are told.
 *
 * @param why redacted
 */
export async function endChannel(
  { db, queue, clock }: { db: Database; queue: Queue; clock: Clock },
  name: string,
  why: string,
): Promise<void> {
  const now = clock.now();
  await db.transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM notice_channels WHERE name = ${name} FOR UPDATE`;
    const row = await findChannel(tx, name);
    if (!row.isActive) return;
    await tx.noticeDelivery.updateMany({
      where: { channelId: row.id, status: 'waiting' },
      data: { status: 'given_up', settledAt: now, error: why },
    });
    await tx.noticeChannel.update({
      where: { id: row.id },
      data: {
        ...{ isActive: false, mac: rowGuardOf(tx).sign('notice_channels', { ...row, isActive: false }) },
        ...{ failures: row.failures + 1, lastError: why, retryAt: null, toldOfFailure: true },
        failingSince: row.failingSince ?? now,
      },
    });
    await endLinksOf(tx, name);
    const data = { id: row.id, changed: ['isActive'], error: why };
    await recordAudit(tx, { action: 'channel.changed', actor: systemActor, subject: name, data });
    const detail = { error: why, since: (row.failingSince ?? now).toISOString() };
    await announce({ queue, tx }, { event: 'channel_failed', channel: name, at: now, detail });
  });
}
