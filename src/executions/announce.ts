import type { Transaction } from '../database/client.ts';
import { newId } from '../kernel/ids.ts';
import type { Notice, Queue } from '../queue/queue.ts';

/**
 * Has the owner's webhook told that an execution failed, or waits for a person: the job is there when `tx` commits, and not
 * otherwise. Nobody waits for the delivery. Without `notify_webhook_url` in the config nothing is sent.
 *
 * @param news.detail what else is to be told, redacted; of one that waits: what it waits for
 */
export async function announce(
  { queue, tx }: { queue: Queue; tx: Transaction },
  news: { event: Notice['event']; executionId: string; at?: Date; detail?: Record<string, unknown> },
): Promise<void> {
  if ((await tx.config.count({ where: { key: 'notify_webhook_url' } })) === 0) return;
  const { at = new Date(), ...rest } = news;
  const noticeId = newId();
  await queue.send(tx, 'notice.deliver', { ...rest, noticeId, at: at.toISOString() }, { id: noticeId });
}
