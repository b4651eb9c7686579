/** What settings say just now, each proved, read by its schema, and with its default where it is not set. */
import type { z } from 'zod';
import type { Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { fieldErrors } from '../kernel/validate.ts';
import { listKey, provedTexts } from '../vault/plain-rows.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { InternalEntry } from './internal-entries.ts';
import { defaultOf, knownKeys, type PlainKey } from './known-keys.ts';
import type { Setting } from './setting.ts';

type Known = typeof knownKeys;

/** By key; undefined for one that is not set and has no default. */
export type ConfigValues<Key extends PlainKey> = {
  [K in Key]: z.output<Known[K]['schema']> | (Known[K] extends { default: unknown } ? never : undefined);
};

/**
 * Reads settings in one statement. No secret comes out of here: those are opened where they are used.
 *
 * @throws AlfredError E_ROW_ALTERED naming an entry that is not as this VM left it; E_VALIDATION naming one that holds what
 *   it may not
 */
export async function readConfig<Key extends PlainKey>(
  db: Pick<Transaction, 'config'>,
  ...keys: readonly Key[]
): Promise<ConfigValues<Key>> {
  const rows = await db.config.findMany({
    where: { key: { in: rowsOf(keys) } },
    select: { key: true, value: true },
  });
  return valuesOf(db, rows, keys);
}

/** The rows that `valuesOf` must be given: for those who read them with something else in one statement. */
export const rowsOf = (keys: readonly PlainKey[]): string[] => [...keys, listKey];

/**
 * What rows say that were read already. Throws as `readConfig` does.
 *
 * @param db the client that they were read with, or a transaction of it
 */
export function valuesOf<Key extends PlainKey>(
  db: object,
  rows: readonly { key: string; value: string }[],
  keys: readonly Key[],
): ConfigValues<Key> {
  const texts = provedTexts(rowGuardOf(db), rows, keys);
  const values = keys.map((key) => [key, readValue(key, texts.get(key))]);
  // Each value is what its own schema made of it, which the types of a loop cannot say.
  return Object.fromEntries(values) as ConfigValues<Key>;
}

function readValue(key: PlainKey, stored: string | undefined): unknown {
  const entry: Setting | InternalEntry = knownKeys[key];
  const text = stored ?? ('internal' in entry ? undefined : defaultOf(entry));
  if (text === undefined) return undefined;
  const read = entry.schema.safeParse(text);
  if (read.success) return read.data;
  const message = fieldErrors(read.error.issues)[0]?.message ?? 'is not right';
  throw new AlfredError('E_VALIDATION', `The setting "${key}" holds what it may not: ${message}.`, {
    remedy: `Set it again: npx alfred config set ${key}; or back to the default: npx alfred config set ${key} --unset`,
  });
}
