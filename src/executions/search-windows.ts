/** Stretches of time, newest first, as the search documents of executions name them (migration `search`). */

const second = 1000;
const steps = [
  ['slot', 600 * second],
  ['hour', 3600 * second],
  ['day', 86_400 * second],
] as const;
/** How many months are looked through one by one, and then quarters, before whole years are. */
const months = 2;
const quarters = 2;

export type SearchWindow = {
  /** What it is called: the database looks through a long one that is full by parts. */
  length: 'slot' | 'hour' | 'day' | 'month' | 'quarter' | 'year';
  /** Words of search documents, of which an execution in this stretch has one. */
  words: string[];
  /** When the stretch begins, in milliseconds; it ends where the one before began. */
  from: number;
};

/**
 * Cuts the time before `end` into stretches that grow: a page of what is frequent is full after the first ones, and of what is
 * rare there is little to read in the long ones.
 *
 * @param oldest in milliseconds: the last stretch reaches it
 * @param end in milliseconds, exclusive
 */
export function* searchWindows(oldest: number, end: number): Generator<SearchWindow> {
  let from = end;
  for (const [name, length] of steps) {
    if (from <= oldest) return;
    const last = Math.floor((from - 1) / length);
    // With the one before: the first alone may have just begun.
    from = (last - 1) * length;
    yield { length: name, words: [`=${name}:${last}`, `=${name}:${last - 1}`], from };
  }
  for (let count = 0; count < months; count++) {
    if (from <= oldest) return;
    const at = new Date(from - 1);
    from = Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
    yield { length: 'month', words: [`=month:${at.toISOString().slice(0, 7)}`], from };
  }
  for (let count = 0; count < quarters; count++) {
    if (from <= oldest) return;
    const at = new Date(from - 1);
    const quarter = Math.floor(at.getUTCMonth() / 3);
    from = Date.UTC(at.getUTCFullYear(), quarter * 3);
    yield { length: 'quarter', words: [`=quarter:${at.getUTCFullYear()}-${quarter + 1}`], from };
  }
  while (from > oldest) {
    const year = new Date(from - 1).getUTCFullYear();
    from = Date.UTC(year, 0);
    yield { length: 'year', words: [`=year:${year}`], from };
  }
}

/** Words of the documents of all executions that cost from `min` to `max` US dollars, and of some that cost a little less or more. */
export function costWords(min = 0, max = 999_999.999_999): string[] {
  const words: string[] = [];
  const [least, most] = [Math.round(min * 1e6), Math.round(max * 1e6)];
  if (least <= 0) words.push('=cost:0e0');
  for (let exponent = 0; exponent < 12; exponent++) {
    for (let digit = 1; digit < 10; digit++) {
      const first = digit * 10 ** exponent;
      if (first + 10 ** exponent > least && first <= most) words.push(`=cost:${digit}e${exponent}`);
    }
  }
  return words;
}
