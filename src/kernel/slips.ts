/** How many letters must be put, taken away or changed to make one word of another (the distance of Levenshtein). */
export function slips(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, count) => count);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [at, own] of [...other].entries()) {
      const changed = (row[at] ?? 0) + (own === letter ? 0 : 1);
      next.push(Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
