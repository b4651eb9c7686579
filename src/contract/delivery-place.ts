/** Places in a delivery (webhook-scheme.ts) and their words. */

export const listOf = <Item>(one: Item | readonly Item[] | undefined): readonly Item[] =>
  one === undefined ? [] : Array.isArray(one) ? (one as readonly Item[]) : [one as Item];

/** `header:x` as its two parts; a pointer is of the kind `json`. */
export function splitPlace(place: string): [kind: string, name: string] {
  if (place.startsWith('/')) return ['json', place];
  const colon = place.indexOf(':');
  return [place.slice(0, colon), place.slice(colon + 1)];
}

/** For a person: "the header X-Id", "/data/id in the body". */
export function placeWords(place: string): string {
  const [kind, name] = splitPlace(place);
  if (kind === 'header') return `the header ${name}`;
  if (kind === 'query') return `${name} in the address`;
  if (kind === 'form') return `the field ${name}`;
  if (kind === 'json') return `${name} in the body`;
  return `${name} in the signature`;
}
