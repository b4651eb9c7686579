/** One place of two lists that are compared in their order. */
export type Change<Item> = { side: 'same' | 'removed' | 'added'; item: Item };

/**
 * What was removed and what was added on the way from one list to the other, along the longest part that they have in common;
 * where things changed, what was removed comes first. Of what is the same, the one of `after` is given.
 */
export function changesBetween<Item>(
  before: readonly Item[],
  after: readonly Item[],
  isSame: (one: Item, other: Item) => boolean = Object.is,
): Change<Item>[] {
  const changes: Change<Item>[] = [];
  let added: Change<Item>[] = [];
  const common = commonLengths(before, after, isSame);
  const width = after.length + 1;
  const length = (at: number, to: number): number => common[at * width + to] ?? 0;
  for (let [at, to] = [0, 0]; at < before.length || to < after.length; ) {
    const [was, is] = [before.slice(at, at + 1), after.slice(to, to + 1)];
    const isCommon = length(at, to) > length(at + 1, to) && length(at, to) > length(at, to + 1);
    if (isCommon) {
      changes.push(...added, ...is.map((item) => ({ side: 'same' as const, item })));
      added = [];
      [at, to] = [at + 1, to + 1];
    } else if (to >= after.length || (at < before.length && length(at + 1, to) >= length(at, to + 1))) {
      changes.push(...was.map((item) => ({ side: 'removed' as const, item })));
      at += 1;
    } else {
      added.push(...is.map((item) => ({ side: 'added' as const, item })));
      to += 1;
    }
  }
  return [...changes, ...added];
}

/** How much what begins at each pair of places has in common, row by row. */
function commonLengths<Item>(
  before: readonly Item[],
  after: readonly Item[],
  isSame: (one: Item, other: Item) => boolean,
): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const read = (index: number): number => lengths[index] ?? 0;
  for (const [at, one] of [...before.entries()].toReversed()) {
    for (const [to, other] of [...after.entries()].toReversed()) {
      const here = at * width + to;
      lengths[here] = isSame(one, other)
        ? read(here + width + 1) + 1
        : Math.max(read(here + width), read(here + 1));
    }
  }
  return lengths;
}
