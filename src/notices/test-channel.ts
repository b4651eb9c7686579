import type { ChannelTest } from '../contract/channels.ts';
import { timeNow } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { findChannel } from './channel-row.ts';
import type { Message } from './message.ts';
import { type SendDeps, sendMessage } from './send-notice.ts';

/**
 * Sends a test by a channel, now, quiet hours or not.
 *
 * @returns whether the other side took it, and what it said
 * @throws AlfredError E_NOT_FOUND, E_ROW_ALTERED
 */
export async function testChannel(deps: SendDeps, name: string, signal: AbortSignal): Promise<ChannelTest> {
  const { db, vault, settings } = deps;
  const channel = await findChannel(db.prisma, name);
  const at = timeNow().toISOString();
  const page = settings.publicUrl === undefined ? undefined : `${settings.publicUrl}/settings#notices`;
  const message: Message = {
    ...{ id: newId(), at, page, links: [], thread: 'test', isUrgent: false },
    title: 'A test from Alfred',
    text: `This is the channel "${name}". What happens here will be told like this.`,
    body: { type: 'test', timestamp: at, data: { name, ...(page === undefined ? {} : { url: page }) } },
  };
  try {
    return { isDelivered: true, answer: await sendMessage(deps, channel, message, signal) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { isDelivered: false, answer: vault.redactor.text(messageOf(error)) };
  }
}
