/**
 * The keyring: the data keys that seal values, itself sealed by the root key in the config row `vm_encryption_secret`
 * (docs/decisions/0004-config-rows.md).
 */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { isAlfredError } from '../kernel/errors.ts';
import { rowNames } from './config-rows.ts';
import type { Place } from './place.ts';
import { type DataKey, openValue, sealValue } from './seal.ts';

const place: Place = { table: 'config', rowId: rowNames.keyring, pointer: '/value' };

/** The header of what the root key sealed: no data key has this number. */
const rootKeyId = 0;

const schemaOfOne = z.object({
  version: z.literal(1),
  active: z.int().min(1),
  keys: z.record(z.string().regex(/^[1-9]\d*$/), z.base64()),
  fingerprintKey: z.base64(),
  // Missing until the rows of a VM older than it are signed: from then on there is no way back.
  rowKey: z.base64().optional(),
});

const schemaOfTwo = schemaOfOne
  .omit({ rowKey: true })
  .extend({ version: z.literal(2), generation: z.int().min(1), rowKeys: z.array(z.base64()) });

const keyringSchema = z.discriminatedUnion('version', [schemaOfOne, schemaOfTwo]);

export type Keyring = {
  /** Counts up with each change of the keys, so that a process can say which it holds. */
  generation: number;
  /** The data key that seals new values. */
  active: DataKey;
  keys: ReadonlyMap<number, DataKey>;
  fingerprintKey: Buffer;
  /** Of the rows' MACs (row-guard.ts): the first signs, all are believed. None: no row is signed yet. */
  rowKeys: readonly Buffer[];
};

export function createKeyring(): Keyring {
  const active: DataKey = { id: 1, key: randomBytes(32) };
  const keys = new Map([[active.id, active]]);
  return { generation: 1, active, keys, fingerprintKey: randomBytes(32), rowKeys: [] };
}

export const createRowKey = (): Buffer => randomBytes(32);

/** The keyring as the config row's value. */
export function sealKeyring(keyring: Keyring, rootKey: Buffer, vaultId: string): string {
  const text = JSON.stringify({
    version: 2,
    generation: keyring.generation,
    active: keyring.active.id,
    keys: Object.fromEntries([...keyring.keys.values()].map(({ id, key }) => [id, key.toString('base64')])),
    fingerprintKey: keyring.fingerprintKey.toString('base64'),
    rowKeys: keyring.rowKeys.map((key) => key.toString('base64')),
  });
  return sealValue({ id: rootKeyId, key: rootKey }, vaultId, place, text);
}

/** @throws AlfredError E_SEALED_VALUE when the root key does not open it */
function openKeyring(sealed: string, rootKey: Buffer, vaultId: string): Keyring {
  const root: DataKey = { id: rootKeyId, key: rootKey };
  const text = openValue((id) => (id === rootKeyId ? root : undefined), vaultId, place, sealed);
  const parsed = keyringSchema.parse(JSON.parse(text));
  const keys = new Map(
    Object.entries(parsed.keys).map(([id, key]) => [
      Number(id),
      { id: Number(id), key: Buffer.from(key, 'base64') },
    ]),
  );
  const active = keys.get(parsed.active);
  if (!active) throw new Error('The keyring names an active data key that it does not hold');
  const rowKeys = parsed.version === 2 ? parsed.rowKeys : parsed.rowKey === undefined ? [] : [parsed.rowKey];
  return {
    generation: parsed.version === 2 ? parsed.generation : 1,
    active,
    keys,
    fingerprintKey: Buffer.from(parsed.fingerprintKey, 'base64'),
    rowKeys: rowKeys.map((key) => Buffer.from(key, 'base64')),
  };
}

/** As `openKeyring`; undefined when the root key does not open it. */
export function openKeyringOrNothing(sealed: string, rootKey: Buffer, vaultId: string): Keyring | undefined {
  try {
    return openKeyring(sealed, rootKey, vaultId);
  } catch (error) {
    if (isAlfredError(error, 'E_SEALED_VALUE')) return undefined;
    throw error;
  }
}

/** Eight hexadecimal characters that tell two values of one VM apart, and say nothing of either. */
export const fingerprintOfValue = (keyring: Keyring, value: string): string =>
  createHmac('sha256', keyring.fingerprintKey).update(value, 'utf8').digest('hex').slice(0, 8);

/**
 * Mixes a text with a key of the keyring that stays through rotations: what is made of it says nothing to whoever has the
 * database alone.
 */
export function mixedWithKey(keyring: Keyring, label: string, text: string): Buffer {
  const key = Buffer.from(hkdfSync('sha512', keyring.fingerprintKey, Buffer.alloc(0), label, 32));
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
