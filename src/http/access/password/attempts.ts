/**
 * Slows down who guesses passwords. A browser that the owner signed in with is counted by itself; all others are counted
 * together, so that a thousand addresses guess no faster than one. While strangers guess, the owner is let in by such a
 * browser, a passkey or a link as ever.
 */

/** So many wrong ones at once are a person's. */
const free = 5;
/** The longest pause between two, in milliseconds. */
const longest = 15 * 60_000;
/** Wrong ones are forgotten when none came for so long, in milliseconds. */
const memory = 3_600_000;

class Count {
  wrong = 0;
  waitsUntil = 0;
  lastAt = 0;
}

export class Attempts {
  readonly #strangers = new Count();
  readonly #known = new Map<string, Count>();

  /**
   * Counts a try as a wrong one, until `right` says otherwise: those that are made at once are counted before any is looked at.
   *
   * @param browser the known browser's id; undefined: a stranger
   * @returns how long it must wait, in milliseconds; 0: it may be tried
   */
  begin(browser: string | undefined, now: number): number {
    this.#forget(now);
    const count = this.#countOf(browser);
    if (now < count.waitsUntil) return count.waitsUntil - now;
    count.wrong += 1;
    count.lastAt = now;
    count.waitsUntil = now + pauseAfter(count.wrong);
    return 0;
  }

  /** Who knows the password is the owner, wherever they are. */
  right(browser: string | undefined): void {
    Object.assign(this.#countOf(browser), new Count());
  }

  #countOf(browser: string | undefined): Count {
    if (browser === undefined) return this.#strangers;
    const count = this.#known.get(browser) ?? new Count();
    this.#known.set(browser, count);
    return count;
  }

  #forget(now: number): void {
    if (isForgotten(this.#strangers, now)) Object.assign(this.#strangers, new Count());
    for (const [browser, count] of this.#known) if (isForgotten(count, now)) this.#known.delete(browser);
  }
}

const isForgotten = ({ lastAt, waitsUntil }: Count, now: number): boolean =>
  now >= waitsUntil && now - lastAt > memory;

/** None for the first few, then 1 s, 2 s, 4 s … up to a quarter of an hour: some hundred guesses a day. */
const pauseAfter = (wrong: number): number =>
  wrong < free ? 0 : Math.min(longest, 1000 * 2 ** (wrong - free));
