/** The steps by which the keys of a keyring change: new ones beside the old, then in their place, then alone. */
import { randomBytes } from 'node:crypto';
import { createRowKey, type Keyring } from './keyring.ts';
import { keyringOf } from './keyring-of.ts';
import type { Vault } from './vault.ts';

/**
 *   settled   there is one of each
 *   added     new ones are there, so that everybody can open what they will seal; the old ones seal
 *   active    the new ones seal; the old ones open what is not sealed anew yet
 */
export type KeyPhase = 'settled' | 'added' | 'active';

export function phaseOf({ keys, active, rowKeys }: Keyring): KeyPhase {
  if (keys.size === 1 && rowKeys.length === 1) return 'settled';
  return active.id === newestOf(keys) ? 'active' : 'added';
}

/** Whether a change of the keys is under way, as far as this process knows. */
export const isBetweenKeys = (vault: Vault): boolean => phaseOf(keyringOf(vault)) !== 'settled';

export function withNewKeys(keyring: Keyring): Keyring {
  const { generation, keys, rowKeys } = keyring;
  const id = newestOf(keys) + 1;
  return {
    ...keyring,
    generation: generation + 1,
    keys: new Map([...keys, [id, { id, key: randomBytes(32) }]]),
    rowKeys: [...rowKeys, createRowKey()],
  };
}

export function withNewKeysInUse(keyring: Keyring): Keyring {
  const { generation, keys, rowKeys } = keyring;
  const active = keys.get(newestOf(keys));
  const newest = rowKeys.at(-1);
  if (!active || !newest) throw new Error('The keyring holds no new keys');
  return { ...keyring, generation: generation + 1, active, rowKeys: [newest, ...rowKeys.slice(0, -1)] };
}

export function withoutFormerKeys(keyring: Keyring): Keyring {
  const { generation, active, rowKeys } = keyring;
  return {
    ...keyring,
    generation: generation + 1,
    keys: new Map([[active.id, active]]),
    rowKeys: rowKeys.slice(0, 1),
  };
}

const newestOf = (keys: Keyring['keys']): number => Math.max(...keys.keys());
