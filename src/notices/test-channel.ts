import type { ChannelTest } from '../contract/channels.ts';
import { timeNow } from '../kernel/clock.ts';
import { withRemedy } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Queue } from '../queue/queue.ts';
import { findChannel } from './channel-row.ts';
import { endChannel } from './end-channel.ts';
import type { Message } from './message.ts';
import { SendFailure } from './outside.ts';
import { type SendDeps, sendMessage } from './send-notice.ts';

/**
 * Sends a test by a channel, now, quiet hours or not.
 *
 * @returns whether the other side took it, and what it said
 * @throws AlfredError E_NOT_FOUND, E_ROW_ALTERED
 */
export async function testChannel(
  deps: SendDeps & { queue: Queue },
  name: string,
  signal: AbortSignal,
): Promise<ChannelTest> {
  const { db, vault, settings } = deps;
  const channel = await findChannel(db.prisma, name);
  const at = timeNow().toISOString();
  const path = '/settings#notices';
  const page = settings.publicUrl === undefined ? undefined : `${settings.publicUrl}${path}`;
  const message: Message = {
    ...{ id: newId(), at, page, path, links: [], thread: 'test', isUrgent: false },
    title: 'A test from Alfred',
    text: `This is the channel "${name}". What happens here will be told like this.`,
    body: { type: 'test', timestamp: at, data: { name, ...(page === undefined ? {} : { url: page }) } },
  };
  try {
    return { isDelivered: true, answer: await sendMessage(deps, channel, message, signal) };
  } catch (error) {
    if (signal.aborted) throw error;
    const answer = vault.redactor.text(withRemedy(error));
    if (error instanceof SendFailure && error.isEnd)
      await endChannel({ ...deps, clock: { now: timeNow } }, name, answer);
    return { isDelivered: false, answer };
  }
}
