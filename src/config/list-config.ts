import type { ConfigEntry } from '../contract/config.ts';
import type { Database } from '../database/client.ts';
import { keyringRows, plainPrefix } from '../vault/config-rows.ts';
import { findAltered, listKey } from '../vault/plain-rows.ts';
import { rowAltered } from '../vault/row-guard.ts';
import { sealedPrefix } from '../vault/seal.ts';
import type { Vault } from '../vault/vault.ts';

type ConfigRow = { key: string; value: string; updatedAt: Date };

/** Every entry by key; of a sealed one only its fingerprint. One that somebody else changed or removed says so. */
export async function listConfig({ db, vault }: { db: Database; vault: Vault }): Promise<ConfigEntry[]> {
  const rows = await db.prisma.config.findMany({ orderBy: { key: 'asc' } });
  const altered = new Set(await findAltered(db.prisma));
  const shown = rows.filter(({ key }) => key !== listKey || altered.has(key));
  const gone = [...altered].filter((key) => rows.every((row) => row.key !== key));
  return [...shown, ...gone.map((key) => ({ key, value: plainPrefix, updatedAt: new Date(0) }))].map(
    (row) => ({
      ...presentEntry(vault, row),
      ...(altered.has(row.key) ? { warnings: [warningOf(row.key)] } : {}),
    }),
  );
}

function warningOf(key: string): string {
  const { message, remedy } = rowAltered('config', key);
  return `E_ROW_ALTERED: ${message} ${remedy ?? ''}`;
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
    ...(sealed && !keyringRows.includes(key) ? { fingerprint: vault.fingerprintOf(place, value) } : {}),
    updatedAt: updatedAt.toISOString(),
  };
}
