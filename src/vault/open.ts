/** Opening a sealed value. The eight files that tests/import-graph.test.ts names import this, and nobody else. */
import { keyringOf } from './keyring-of.ts';
import type { Place } from './place.ts';
import { openValue } from './seal.ts';
import type { Vault } from './vault.ts';

/**
 * Opens a sealed value for its destination, and has it redacted from now on.
 *
 * @param label what stands in its place when it is redacted: `<connection>.<field>`, or the config key
 * @throws AlfredError E_SEALED_VALUE
 */
export function openSealed(vault: Vault, place: Place, sealed: string, label: string): string {
  const keyring = keyringOf(vault);
  const plaintext = openValue((id) => keyring.keys.get(id), vault.vaultId, place, sealed);
  vault.redactor.register(label, plaintext);
  return plaintext;
}
