/** The root key as 24 words (BIP-39), which a person can write down and type in again. */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { AlfredError } from '../kernel/errors.ts';
import {
  createRootKey,
  findRootKey,
  fingerprintOfRootKey,
  type KeySettings,
  type RootKey,
} from './root-key.ts';

const wordCount = 24;

/**
 * The recovery words of this VM's root key. Whoever has them can open every secret of every backup.
 *
 * @throws AlfredError E_KEY_MISSING and those of findRootKey
 */
export async function showRecovery(settings: KeySettings): Promise<{ words: string[]; fingerprint: string }> {
  const found = await findRootKey(settings);
  if (!found) {
    throw new AlfredError('E_KEY_MISSING', 'This VM has no root key yet.', {
      remedy: 'Start it once: npm start',
    });
  }
  return { words: entropyToMnemonic(found.key, wordlist).split(' '), fingerprint: found.fingerprint };
}

/**
 * The root key that 24 words stand for.
 *
 * @throws AlfredError E_VALIDATION when a word is unknown, missing or swapped; the words are not repeated
 */
export function rootKeyFromWords(words: string): Buffer {
  const list = words.trim().toLowerCase().split(/\s+/);
  try {
    // Fewer words are valid BIP-39 too, and stand for shorter keys than ours.
    if (list.length === wordCount) return Buffer.from(mnemonicToEntropy(list.join(' '), wordlist));
  } catch {
    // The library's own error may repeat a word.
  }
  throw new AlfredError('E_VALIDATION', `These are not ${wordCount} recovery words.`, {
    remedy: 'Look for a misspelt, missing or swapped word: the last one holds a checksum.',
  });
}

/**
 * Puts the root key that 24 words stand for back into its file. The next start tells whether it is this VM's: a wrong one is
 * refused with both fingerprints.
 *
 * @throws AlfredError E_VALIDATION for wrong words, E_CONFLICT when another key is there, and those of findRootKey
 */
export async function restoreRootKey(settings: KeySettings, words: string): Promise<RootKey> {
  const key = rootKeyFromWords(words);
  const found = await findRootKey(settings);
  if (!found) return await createRootKey(settings, key);
  if (found.key.equals(key)) return found;
  throw new AlfredError(
    'E_CONFLICT',
    `These words are the key ${fingerprintOfRootKey(key)}, and the ${found.source} has ${found.fingerprint}. Nothing was changed.`,
    { remedy: 'Move the other key away first, and keep it until this VM has started.' },
  );
}
