import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { type ConfigEntry, configKeySchema, isSecretKey } from '../contract/config.ts';
import type { Database } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { fieldErrors, validate } from '../kernel/validate.ts';
import type { Place } from '../vault/place.ts';
import { hashOfEntry, readPlain, writePlain } from '../vault/plain-rows.ts';
import { isFoundEverywhere } from '../vault/redact/secret-forms.ts';
import type { Vault } from '../vault/vault.ts';
import { type InternalEntry, internalEntries } from './internal-entries.ts';
import { settings } from './known-keys.ts';
import { presentEntry } from './list-config.ts';
import { meantKey } from './meant-key.ts';
import type { Setting } from './setting.ts';

export type ConfigDeps = { db: Database; vault: Vault };

/** Where the value of a config entry is sealed. */
export const configPlace = (key: string): Place => ({ table: 'config', rowId: key, pointer: '/value' });

/**
 * Puts an entry. A key that names a secret (`…_secret`, `…_key`, `…_token`, `…_password`) is sealed.
 * A new `model_base_url` drops `anthropic_api_key` in the same transaction: a changed destination is how keys get stolen.
 *
 * @param options.actor who puts it; the VM itself when left out
 * @returns the entry as it is listed, with what its owner should know of the change
 * @throws AlfredError E_VALIDATION naming what is wrong or misspelt, E_FORBIDDEN for an entry that the VM keeps itself
 */
export async function putConfig(
  { db, vault }: ConfigDeps,
  key: string,
  value: string,
  { actor = systemActor }: { actor?: string } = {},
): Promise<ConfigEntry> {
  validate(configKeySchema, key, 'The key');
  refuseInternal(key);
  const isSecret = isSecretKey(key);
  const text = isSecret ? value.trim() : storableText(value);
  checkEntry(key, text);
  const { row, dropped } = await db.transaction(async (tx) => {
    const dropped = key === 'model_base_url' && (await dropKeyOfOtherBaseUrl(tx, text, actor));
    if (isSecret) {
      const sealed = vault.seal(configPlace(key), text, key);
      await tx.config.upsert({
        where: { key },
        create: { key, value: sealed },
        update: { value: sealed },
      });
    } else {
      await writePlain(tx, { [key]: text });
    }
    const row = await tx.config.findUniqueOrThrow({ where: { key } });
    await recordAudit(
      tx,
      isSecret
        ? { action: 'secret.written', actor, subject: key }
        : { action: 'config.changed', actor, subject: key, data: { sha256: hashOfEntry(row.value) } },
    );
    return { row, dropped };
  });
  const warnings = [
    ...(dropped ? ['The model is somewhere else now: enter its key again (anthropic_api_key).'] : []),
    ...warningsOf(key, text),
  ];
  return { ...presentEntry(vault, row), ...(warnings.length > 0 ? { warnings } : {}) };
}

/** What its owner should know of an entry of this name and text. */
function warningsOf(key: string, text: string): string[] {
  if (isSecretKey(key)) {
    if (isFoundEverywhere(text)) return [];
    return [
      `${key} is too short to be found everywhere: it is replaced beside its name alone. Use a longer one if you can.`,
    ];
  }
  if (Object.hasOwn(settings, key)) return [];
  return [`The VM itself reads no "${key}": it is kept as it is, in the open.`];
}

export const isInternal = (key: string): key is keyof typeof internalEntries =>
  Object.hasOwn(internalEntries, key);

/** @throws AlfredError E_FORBIDDEN for an entry that the VM keeps itself, saying what it is */
export function refuseInternal(key: string): void {
  if (!isInternal(key)) return;
  const { words }: InternalEntry = internalEntries[key];
  throw new AlfredError(
    'E_FORBIDDEN',
    `"${key}" is kept by the VM itself (${words}), and cannot be changed by hand.`,
    {
      remedy: 'Leave it as it is.',
      fields: [{ field: '/key', message: 'is kept by the VM itself' }],
    },
  );
}

type ConfigTransaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/**
 * Drops `anthropic_api_key` when `model_base_url` becomes another.
 *
 * @param text the address to be; undefined when it goes
 * @param actor who changes it
 * @returns whether there was a key to drop
 */
export async function dropKeyOfOtherBaseUrl(
  tx: ConfigTransaction,
  text: string | undefined,
  actor: string,
): Promise<boolean> {
  if (await isBaseUrl(tx, text)) return false;
  const dropped = (await tx.config.deleteMany({ where: { key: 'anthropic_api_key' } })).count > 0;
  if (dropped) {
    const data = { because: 'model_base_url changed' };
    await recordAudit(tx, { action: 'secret.removed', actor, subject: 'anthropic_api_key', data });
  }
  return dropped;
}

/** Whether the address is this one; one that is not as this VM left it is another one than any. */
async function isBaseUrl(tx: ConfigTransaction, text: string | undefined): Promise<boolean> {
  try {
    return (await readPlain(tx, ['model_base_url'])).get('model_base_url') === text;
  } catch (error) {
    if (isAlfredError(error, 'E_ROW_ALTERED')) return false;
    throw error;
  }
}

const channels = {
  words: 'notices go to channels',
  remedy: 'npx alfred notice add webhook --kind webhook',
};

/** Settings that there were, and what stands in their place. */
const formerKeys = new Map([
  ['notify_webhook_url', channels],
  ['notify_webhook_secret', channels],
]);

/** @throws AlfredError E_VALIDATION */
function checkEntry(key: string, value: string): void {
  const instead = formerKeys.get(key);
  if (instead !== undefined) {
    throw new AlfredError('E_VALIDATION', `"${key}" is no setting any more: ${instead.words}.`, {
      remedy: instead.remedy,
      fields: [{ field: '/key', message: instead.words }],
    });
  }
  const meant = meantKey(key);
  if (meant !== undefined) {
    throw new AlfredError('E_VALIDATION', `The VM reads no "${key}"; did you mean "${meant}"?`, {
      remedy: 'Put it under that name, or choose one that is less like it.',
      fields: [{ field: '/key', message: `is most likely "${meant}" misspelt` }],
    });
  }
  const setting = new Map<string, Setting>(Object.entries(settings)).get(key);
  const parsed = (setting?.entered ?? setting?.schema)?.safeParse(value);
  const message =
    value === ''
      ? 'is empty'
      : parsed?.success === false
        ? fieldErrors(parsed.error.issues)[0]?.message
        : undefined;
  if (message === undefined) return;
  throw new AlfredError('E_VALIDATION', `The value of "${key}" is not right: ${message}.`, {
    ...(value === '' ? { remedy: 'To remove an entry, delete it.' } : {}),
    fields: [{ field: '/value', message }],
  });
}
