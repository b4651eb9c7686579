/**
 * Guesses whether an imported value is a secret. The guess is shown before anything is saved, and it errs towards
 * "secret": sealing an ordinary word costs little, storing a key in the open costs the key.
 */

import { isPlainPlace } from '../config/check-stdio-config.ts';

export type SecretGuess = { secret: boolean; why: string };

const secretName =
  /(api[-_]?key|access[-_]?key|private[-_]?key|secret|token|passw(or)?d|passphrase|pwd|credential|auth|bearer|cookie|session|signature|dsn|connection[-_]?string|webhook[-_]?url)|(^|[-_])(key|pat|pin)$/i;
const plainName =
  /^(node_env|environment|env|region|.*[-_]region|lang|tz|timezone|log[-_]?level|debug|port|host|hostname|.*[-_](host|port|dir|directory|path|file|level|mode|format|region|locale|version|timeout|limit|enabled|name|id|model|url|uri|endpoint|email|user|username))$/i;
const knownPrefix =
  /^(sk-|sk_|pk_|rk_|ghp_|gho_|ghs_|ghu_|github_pat_|glpat-|xox[abeoprs]-|AKIA|ASIA|AIza|ya29\.|eyJ|whsec_|shpat_|npm_|pypi-|hf_|lin_api_|secret_|ntn_|dop_v1_|SG\.|-----BEGIN)/;
const credentialsInUrl = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s]*:[^/@\s]+@/i;
const plainValue =
  /^(true|false|yes|no|on|off|null|none|\d{1,6}|development|production|staging|test|info|warn|error|debug)$/i;
const placeholder = /^(\$\{.*\}|<[^>]+>|your[-_ ].*|xxx+|\*+|changeme)$/i;

/** Bits per character of `text`, as its characters are distributed (Shannon 1948). */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** True for a value that is a key by its looks alone. */
export const looksLikeKey = (value: string): boolean =>
  (knownPrefix.test(value) && value.length >= 12) || credentialsInUrl.test(value);

/** True for what stands in a path and is no word of any language: long, of letters and digits, and evenly spread. */
export const looksRandom = (segment: string): boolean =>
  segment.length >= 20 && /\d/.test(segment) && /[a-z]/i.test(segment) && entropyOf(segment) > 3.2;

/** True for a name that announces a secret, such as `--api-key`. */
export const namesSecret = (name: string): boolean =>
  secretName.test(name) && !/(dir|path|file|url|uri|name|id)$/i.test(name);

/** Says whether the value of `name` looks like a secret, and why, in words for the preview. */
export function guessSecret(name: string, value: string): SecretGuess {
  if (value === '') return { secret: false, why: 'it is empty' };
  if (knownPrefix.test(value)) return { secret: true, why: 'it begins like a known kind of key' };
  if (credentialsInUrl.test(value)) return { secret: true, why: 'the address holds a password' };
  if (secretName.test(name)) return { secret: true, why: `"${name}" names a secret` };
  if (placeholder.test(value)) return { secret: true, why: 'it is to be filled in' };
  if (isPlainPlace(name, value)) return { secret: false, why: `"${name}" says where things are sent` };
  if (plainValue.test(value)) return { secret: false, why: 'it is an ordinary word or number' };
  if (plainName.test(name)) return { secret: false, why: `"${name}" names a setting` };
  if (/^(\/|~\/|\.{1,2}\/|[A-Za-z]:\\)/.test(value)) return { secret: false, why: 'it is a path' };
  if (/^https?:\/\/[^?]*$/i.test(value))
    return { secret: false, why: 'it is an address without credentials' };
  if (value.length >= 16 && !/\s/.test(value) && entropyOf(value) > 3.2) {
    return { secret: true, why: 'it is long and looks random' };
  }
  return { secret: true, why: 'nothing says that it is harmless' };
}
