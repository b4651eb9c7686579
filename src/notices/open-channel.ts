/** Opening the secrets of a channel, and the key of those to browsers, for what sends there and for nothing else. */
import { configPlace } from '../config/put-config.ts';
import { openSealed } from '../vault/open.ts';
import { channelSecretLabel } from '../vault/sealed-places.ts';
import type { Vault } from '../vault/vault.ts';
import { type ChannelRow, secretPlace } from './channel-row.ts';

/**
 * Every text that a channel is set up with by the fields of its kind, secrets open. Each is redacted from now on.
 *
 * @throws AlfredError E_SEALED_VALUE
 */
export function openChannel(
  vault: Vault,
  { id, name, config, secrets }: Pick<ChannelRow, 'id' | 'name' | 'config' | 'secrets'>,
): Record<string, string> {
  const texts = Object.entries(config).flatMap(([field, value]) =>
    typeof value === 'string' ? [[field, value] as const] : [],
  );
  const opened = Object.entries(secrets).map(
    ([field, sealed]) =>
      [field, openSealed(vault, secretPlace(id, field), sealed, channelSecretLabel(name, field))] as const,
  );
  return Object.fromEntries([...texts, ...opened]);
}

export const pushKeyRow = 'push_key';

/** The private half of the key by which browsers know this VM. @throws AlfredError E_SEALED_VALUE */
export const openPushKey = (vault: Vault, sealed: string): string =>
  openSealed(vault, configPlace(pushKeyRow), sealed, pushKeyRow);
