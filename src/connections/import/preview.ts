/** How an import names connections, and shows their commands. */

const longest = 40;

/** A connection name that follows the rules, made of any text: `GitHub (work)` → `github-work`. */
export function connectionNameFrom(text: string, taken: ReadonlySet<string> = new Set()): string {
  const base =
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+/, '')
      .replace(/-+$/, '')
      .slice(0, longest)
      .replace(/-+$/, '') || 'connection';
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
