import type { Transaction } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { News, Queue } from './queue.ts';

/**
 * Has the owner told of what happened: the job is there when `tx` commits, and not otherwise. Nobody waits for the delivery.
 * Without a channel nothing is kept.
 *
 * @param news.detail what else is to be told, redacted; of one that waits: what it waits for
 */
export async function announce(
  { queue, tx }: { queue: Queue; tx: Transaction },
  news: News & { at?: Date },
): Promise<void> {
  if ((await tx.noticeChannel.count({ where: { isActive: true } })) === 0) return;
  const { at = timeNow(), ...rest } = news;
  const noticeId = newId();
  await queue.send(tx, 'notice.deliver', { ...rest, noticeId, at: at.toISOString() }, { id: noticeId });
}
