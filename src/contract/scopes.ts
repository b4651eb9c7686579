/** What tools need of a sign-in, and what a sign-in has: scopes, with spaces between where they stand in a text. */

export const scopesIn = (text: string | null | undefined): string[] =>
  (text ?? '').split(/\s+/).filter((scope) => scope !== '');

/**
 * Which scopes a sign-in lacks for a tool; empty where it lacks none, or nobody says what it has.
 *
 * @param needed one list or another is enough
 */
export function lackedScopes(needed: readonly string[][] | undefined, granted: string | null): string[] {
  if (needed === undefined || granted === null || granted.trim() === '') return [];
  const has = new Set(scopesIn(granted));
  const lacks = needed.map((list) => list.filter((scope) => !has.has(scope)));
  return (
    lacks.reduce<string[] | undefined>(
      (least, one) => (least === undefined || one.length < least.length ? one : least),
      undefined,
    ) ?? []
  );
}

/**
 * The least that all of these need: for each the shortest list, rather what is asked for already, rather what only reads, rather
 * what is named most narrowly.
 */
export function leastScopes(needs: readonly (string[][] | undefined)[]): string[] {
  const chosen = new Set<string>();
  const asked = needs.filter((lists) => lists !== undefined);
  // Whoever has no choice first: what they need anyway may be enough for the others.
  for (const lists of asked.toSorted((one, other) => one.length - other.length)) {
    const costs = lists.map((list) => ({ list, more: list.filter((scope) => !chosen.has(scope)) }));
    const [best] = costs.toSorted(
      (one, other) =>
        one.more.length - other.more.length ||
        Number(onlyReads(other.more)) - Number(onlyReads(one.more)) ||
        other.more.join(' ').length - one.more.join(' ').length,
    );
    for (const scope of best?.more ?? []) chosen.add(scope);
  }
  return [...chosen];
}

const onlyReads = (scopes: readonly string[]): boolean =>
  scopes.every((scope) => /read(?:[._-]?only)?$|[._:-]read\b/i.test(scope));

const maxNamed = 5;

/** Of the tools whose sign-in was not granted what they need, a sentence; undefined where it has it all. */
export function lackedWords({
  toolCatalog,
  login,
}: {
  toolCatalog: readonly { name: string; scopes?: string[][] | undefined }[];
  login?: { state: string; scope: string | null } | undefined;
}): string | undefined {
  if (login?.state !== 'signed_in') return undefined;
  const lacking = toolCatalog
    .map(({ name, scopes }) => ({ name, lacks: lackedScopes(scopes, login.scope) }))
    .filter(({ lacks }) => lacks.length > 0);
  if (lacking.length === 0) return undefined;
  const more = lacking.length - maxNamed;
  const named = lacking.slice(0, maxNamed).map(({ name, lacks }) => `${name} (${lacks.join(' ')})`);
  const all = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `The sign-in was not granted what ${lacking.length === 1 ? 'one tool needs' : `${lacking.length} tools need`}: ${all}.`;
}
