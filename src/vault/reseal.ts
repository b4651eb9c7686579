/** Sealing anew what is sealed: nobody but the vault sees the value meanwhile. */
import { isAlfredError } from '../kernel/errors.ts';
import { keyringOf } from './keyring-of.ts';
import type { Place } from './place.ts';
import { beginningUnder, openValue, sealValue } from './seal.ts';
import type { Vault } from './vault.ts';

/** How the values begin that the data keys sealed which are to go. */
export const formerBeginnings = (vault: Vault): string[] => {
  const { keys, active } = keyringOf(vault);
  return [...keys.keys()].filter((id) => id !== active.id).map(beginningUnder);
};

/**
 * A value under the data key that seals new values.
 *
 * @returns undefined for one that does not open: it stays as it is
 */
export function resealValue(vault: Vault, place: Place, sealed: string): string | undefined {
  const keyring = keyringOf(vault);
  try {
    const text = openValue((id) => keyring.keys.get(id), vault.vaultId, place, sealed);
    return sealValue(keyring.active, vault.vaultId, place, text);
  } catch (error) {
    if (isAlfredError(error, 'E_SEALED_VALUE')) return undefined;
    throw error;
  }
}
