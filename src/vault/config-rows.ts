/** The rows of the config table that the vault keeps itself (docs/decisions/0004-config-rows.md). */

export type ConfigRows = ReadonlyMap<string, string>;

export const plainPrefix = 'plain:';

export const rowNames = {
  keyring: 'vm_encryption_secret',
  /** The keyring under the root key that is to come, while that changes; and the name of that key. */
  nextKeyring: 'vm_encryption_secret_next',
  nextFingerprint: 'root_key_fingerprint_next',
  authSecret: 'vm_auth_secret',
  vaultId: 'vault_id',
  fingerprint: 'root_key_fingerprint',
} as const;

/** What the root key seals. */
export const keyringRows: readonly string[] = [rowNames.keyring, rowNames.nextKeyring];

/** The text of a `plain:` row; undefined when it is not there or sealed. */
export function plainValue(rows: ConfigRows, key: string): string | undefined {
  const value = rows.get(key);
  return value?.startsWith(plainPrefix) ? value.slice(plainPrefix.length) : undefined;
}
