/** The rows of the config table that the vault keeps itself (docs/decisions/0004-config-rows.md). */

export type ConfigRows = ReadonlyMap<string, string>;

export const plainPrefix = 'plain:';

export const rowNames = {
  keyring: 'vm_encryption_secret',
  authSecret: 'vm_auth_secret',
  vaultId: 'vault_id',
  fingerprint: 'root_key_fingerprint',
} as const;

/** The text of a `plain:` row; undefined when it is not there or sealed. */
export function plainValue(rows: ConfigRows, key: string): string | undefined {
  const value = rows.get(key);
  return value?.startsWith(plainPrefix) ? value.slice(plainPrefix.length) : undefined;
}
