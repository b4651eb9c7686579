import type { ConfigEntry } from '../contract/config.ts';
import type { Database } from '../database/client.ts';
import { sealedPrefix } from '../vault/seal.ts';
import type { Vault } from '../vault/vault.ts';

type ConfigRow = { key: string; value: string; updatedAt: Date };

/** Every entry by key; of a sealed one only its fingerprint. */
export async function listConfig({ db, vault }: { db: Database; vault: Vault }): Promise<ConfigEntry[]> {
  const rows = await db.prisma.config.findMany({ orderBy: { key: 'asc' } });
  return rows.map((row) => presentEntry(vault, row));
}

/** An entry as it is listed. */
export function presentEntry(vault: Vault, { key, value, updatedAt }: ConfigRow): ConfigEntry {
  const sealed = value.startsWith(sealedPrefix);
  const place = { table: 'config', rowId: key, pointer: '/value' };
  return {
    key,
    value: sealed ? null : value.slice(value.indexOf(':') + 1),
    sealed,
    // The keyring is sealed by the root key, which has a fingerprint of its own.
    ...(sealed && key !== 'vm_encryption_secret' ? { fingerprint: vault.fingerprintOf(place, value) } : {}),
    updatedAt: updatedAt.toISOString(),
  };
}
