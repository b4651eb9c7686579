/** How an import names connections, and shows their commands. */

import { sha256 } from '../../kernel/hash.ts';
import { inLatin } from '../../kernel/latin.ts';

const longest = 40;

/**
 * A connection name that follows the rules, made of any text: `GitHub (work)` → `github-work`. The same for the same text each time,
 * so that what is imported again is found; of a text without a Latin letter it has a digest, so that no two of them are one.
 */
export function connectionNameFrom(text: string, taken: ReadonlySet<string> = new Set()): string {
  const base =
    inLatin(text)
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+/, '')
      .replace(/-+$/, '')
      .slice(0, longest)
      .replace(/-+$/, '') || `connection-${sha256(text).toString('hex').slice(0, 6)}`;
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) {
    const suffix = `-${number}`;
    const name = base.slice(0, longest - suffix.length) + suffix;
    if (!taken.has(name)) return name;
  }
}

/** How a command line is shown to the person who approves it: quoted where a shell would need it. */
export const showCommand = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
