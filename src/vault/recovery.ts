/** The root key as 24 words (BIP-39), which a person can write down and type in again. */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { AlfredError } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { findRootKey } from './root-key.ts';

/**
 * The recovery words of this VM's root key. Whoever has them can open every secret of every backup.
 *
 * @throws AlfredError E_KEY_MISSING and those of findRootKey
 */
export async function showRecovery(
  settings: Pick<Settings, 'home' | 'rootKey'>,
): Promise<{ words: string[]; fingerprint: string }> {
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
 * @throws AlfredError E_VALIDATION when a word is unknown or the checksum is wrong; the words are not repeated
 */
export function rootKeyFromWords(words: string): Buffer {
  try {
    return Buffer.from(mnemonicToEntropy(words.trim().toLowerCase().split(/\s+/).join(' '), wordlist));
  } catch {
    // The library's own error may repeat a word.
    throw new AlfredError('E_VALIDATION', 'These are not 24 recovery words.', {
      remedy: 'Look for a misspelt or swapped word: the last one holds a checksum.',
    });
  }
}
