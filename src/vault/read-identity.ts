import type pg from 'pg';
import { plainValue, rowNames } from './config-rows.ts';

export type Identity = {
  vaultId: string;
  /** The fingerprint of its root key. */
  rootKey: string;
  /** That of the root key that is to come, while it changes: it opens the keyring as well. */
  nextRootKey?: string;
};

/**
 * Which vault a database is of, and which root keys open it: read without a key, and proved by nothing but the keyring that
 * opens with it. Undefined where no VM was ever started.
 */
export async function readIdentity(client: Pick<pg.ClientBase, 'query'>): Promise<Identity | undefined> {
  const { rows } = await client.query<{ key: string; value: string }>(
    'SELECT key, value FROM config WHERE key = ANY($1)',
    [[rowNames.vaultId, rowNames.fingerprint, rowNames.nextFingerprint]],
  );
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const vaultId = plainValue(values, rowNames.vaultId);
  const rootKey = plainValue(values, rowNames.fingerprint);
  const nextRootKey = plainValue(values, rowNames.nextFingerprint);
  if (vaultId === undefined || rootKey === undefined) return undefined;
  return { vaultId, rootKey, ...(nextRootKey === undefined ? {} : { nextRootKey }) };
}
