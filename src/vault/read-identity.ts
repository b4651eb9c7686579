import type pg from 'pg';
import { plainValue, rowNames } from './config-rows.ts';

/**
 * Which vault a database is of, and the fingerprint of its root key: read without the key, and proved by nothing but the
 * keyring that opens with it. Undefined where no VM was ever started.
 */
export async function readIdentity(
  client: pg.ClientBase,
): Promise<{ vaultId: string; rootKey: string } | undefined> {
  const { rows } = await client.query<{ key: string; value: string }>(
    'SELECT key, value FROM config WHERE key = ANY($1)',
    [[rowNames.vaultId, rowNames.fingerprint]],
  );
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const vaultId = plainValue(values, rowNames.vaultId);
  const rootKey = plainValue(values, rowNames.fingerprint);
  return vaultId === undefined || rootKey === undefined ? undefined : { vaultId, rootKey };
}
