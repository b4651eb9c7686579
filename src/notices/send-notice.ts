import { kindFacts } from '../contract/channel-kinds.ts';
import { recordSecretUses } from '../secrets/record-secret-uses.ts';
import { channelSecretLabel } from '../vault/sealed-places.ts';
import { type ChannelRow, secretPlace } from './channel-row.ts';
import { nearField } from './check-channel.ts';
import type { ComposeDeps } from './compose.ts';
import type { Message } from './message.ts';
import { openChannel } from './open-channel.ts';
import { openOutside } from './outside.ts';
import { identityOf } from './push-key.ts';
import { senders } from './senders/by-kind.ts';

export type SendDeps = ComposeDeps;

/**
 * Sends a message by a channel.
 *
 * @returns what the other side answered, redacted
 * @throws what the channel's sender throws; AlfredError E_SEALED_VALUE
 */
export async function sendMessage(
  { db, vault, settings }: SendDeps,
  channel: ChannelRow,
  message: Message,
  signal: AbortSignal,
): Promise<string> {
  const { id, name, kind, config, secrets, place } = channel;
  const identity = kindFacts(kind).isMadeByBrowser ? await identityOf({ db, vault, settings }) : undefined;
  const values = { ...openChannel(vault, channel), ...identity?.values };
  const used = Object.keys(secrets).map((field) => ({
    place: secretPlace(id, field),
    label: channelSecretLabel(name, field),
  }));
  await recordSecretUses(db, { secrets: [...used, ...(identity?.secrets ?? [])], destination: place });
  const { redactor } = vault;
  const outside = openOutside({ allowPrivateNetwork: config[nearField] === true, signal, redactor });
  try {
    return redactor.text(await senders[kind](message, values, outside));
  } finally {
    await outside.close();
  }
}
