/**
 * Guesses whether an imported value is a secret. The guess is shown before anything is saved, and it errs towards
 * "secret": sealing an ordinary word costs little, storing a key in the open costs the key.
 */

import { decidesCode, isPlainPlace } from '../config/check-stdio-config.ts';
import { hasKeyInAddress } from './lift-address.ts';
import {
  beginsLikeKey,
  entropyOf,
  holdsLogin,
  isFilePath,
  isOrdinary,
  isPath,
  keysIn,
  namesSetting,
  speaksOfSecret,
} from './looks-secret.ts';

export type SecretGuess = { secret: boolean; why: string };

/** Says whether the value of `name` looks like a secret, and why, in words for the preview. */
export function guessSecret(name: string, value: string): SecretGuess {
  if (value === '') return { secret: false, why: 'it is empty' };
  if (beginsLikeKey(value)) return { secret: true, why: 'it begins like a known kind of key' };
  if (holdsLogin(value)) return { secret: true, why: 'the address holds a password' };
  if (keysIn(value).length > 0) return { secret: true, why: 'a known kind of key stands in it' };
  if (hasKeyInAddress(value)) return { secret: true, why: 'the address holds what looks like a key' };
  if (decidesCode.test(name)) return { secret: false, why: `"${name}" decides which code runs` };
  // `GOOGLE_OAUTH_CREDENTIALS=/home/me/keys.json`: sealed, it would be struck out of what the server says of that file.
  if (isFilePath(value)) return { secret: false, why: 'it is the path of a file' };
  if (speaksOfSecret(name) && !isPlainPlace(name, value))
    return { secret: true, why: `"${name}" names a secret` };
  if (isPlainPlace(name, value)) return { secret: false, why: `"${name}" says where things are sent` };
  if (isOrdinary(value)) return { secret: false, why: 'it is an ordinary word or number' };
  if (namesSetting(name)) return { secret: false, why: `"${name}" names a setting` };
  if (isPath(value)) return { secret: false, why: 'it is a path' };
  if (/^https?:\/\/[^?]*$/i.test(value))
    return { secret: false, why: 'it is an address without credentials' };
  if (value.length >= 16 && !/\s/.test(value) && entropyOf(value) > 3.2) {
    return { secret: true, why: 'it is long and looks random' };
  }
  return { secret: true, why: 'nothing says that it is harmless' };
}
