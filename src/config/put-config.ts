import { type ConfigEntry, configKeySchema, isSecretKey } from '../contract/config.ts';
import type { Database } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import { AlfredError } from '../kernel/errors.ts';
import { validate } from '../kernel/validate.ts';
import type { Place } from '../vault/place.ts';
import type { Vault } from '../vault/vault.ts';
import { knownKeys, reservedKeys } from './known-keys.ts';
import { presentEntry } from './list-config.ts';

export type ConfigDeps = { db: Database; vault: Vault };

/** Where the value of a config entry is sealed. */
export const configPlace = (key: string): Place => ({ table: 'config', rowId: key, pointer: '/value' });

/**
 * Puts an entry. A key that names a secret (`…_secret`, `…_key`, `…_token`, `…_password`) is sealed.
 * A new `model_base_url` drops `anthropic_api_key` in the same transaction: a changed destination is how keys get stolen.
 *
 * @returns the entry as it is listed
 * @throws AlfredError E_VALIDATION naming what is wrong, E_FORBIDDEN for an entry that the VM keeps itself
 */
export async function putConfig({ db, vault }: ConfigDeps, key: string, value: string): Promise<ConfigEntry> {
  validate(configKeySchema, key, 'The key');
  refuseReserved(key);
  const text = isSecretKey(key) ? value.trim() : value;
  checkValue(key, text);
  const stored = isSecretKey(key) ? vault.seal(configPlace(key), text, key) : `plain:${storableText(text)}`;
  const row = await db.transaction(async (tx) => {
    if (key === 'model_base_url') await dropKeyOfOtherBaseUrl(tx, stored);
    return await tx.config.upsert({
      where: { key },
      create: { key, value: stored },
      update: { value: stored },
    });
  });
  return presentEntry(vault, row);
}

/** @throws AlfredError E_FORBIDDEN */
export function refuseReserved(key: string): void {
  if (!reservedKeys.has(key)) return;
  throw new AlfredError('E_FORBIDDEN', `"${key}" is kept by the VM itself and cannot be changed by hand.`, {
    remedy: 'Leave it as it is.',
    fields: [{ field: '/key', message: 'is kept by the VM itself' }],
  });
}

type ConfigTransaction = Parameters<Parameters<Database['transaction']>[0]>[0];

export async function dropKeyOfOtherBaseUrl(
  tx: ConfigTransaction,
  stored: string | undefined,
): Promise<void> {
  const current = await tx.config.findUnique({ where: { key: 'model_base_url' } });
  if (current?.value !== stored) await tx.config.deleteMany({ where: { key: 'anthropic_api_key' } });
}

function checkValue(key: string, value: string): void {
  const schema = knownKeys[key];
  const parsed = schema?.safeParse(value);
  const message =
    value === '' ? 'is empty' : parsed?.success === false ? parsed.error.issues[0]?.message : undefined;
  if (message === undefined) return;
  throw new AlfredError('E_VALIDATION', `The value of "${key}" is not right: ${message}.`, {
    remedy:
      value === ''
        ? 'To remove an entry, delete it.'
        : `Put another value, such as the documentation of "${key}" names.`,
    fields: [{ field: '/value', message }],
  });
}
