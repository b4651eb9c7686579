/** Keeps the keyring of each vault out of the vault's own fields, where a log line or a snapshot could pick it up. */
import type { Keyring } from './keyring.ts';

const keyrings = new WeakMap<object, Keyring>();

export const keepKeyring = (vault: object, keyring: Keyring): void => {
  keyrings.set(vault, keyring);
};

export function keyringOf(vault: object): Keyring {
  const keyring = keyrings.get(vault);
  if (!keyring) throw new Error('This vault has no keyring');
  return keyring;
}
