/**
 * Patterns that begin alike, in the order of their code units, so that a search is a bisection: hundreds of tokens of one kind
 * (`eyJhbGciOi…`) begin alike.
 */

export type Pattern = { readonly text: string; readonly label: string };

/** `shorter` is the longest other pattern that this one begins with. */
type Entry = Pattern & { shorter: Entry | undefined };

export class PatternBucket {
  readonly #sorted: Entry[] = [];
  #longest = 0;

  /** @returns false when the pattern is there already; its label stays */
  add(text: string, label: string): boolean {
    const at = this.#firstAfter(text);
    const before = this.#sorted[at - 1];
    if (before?.text === text) return false;
    const entry: Entry = { text, label, shorter: longestWithin(text, before) };
    // Those that begin with the new pattern stand right behind it.
    for (let next = at; this.#sorted[next]?.text.startsWith(text); next++) {
      const longer = this.#sorted[next];
      if (longer && (longer.shorter?.text.length ?? 0) < text.length) longer.shorter = entry;
    }
    this.#sorted.splice(at, 0, entry);
    this.#longest = Math.max(this.#longest, text.length);
    return true;
  }

  /**
   * The longest pattern that stands in `text` at `start`.
   *
   * It begins the last pattern that does not sort behind the text: whatever sorts between a beginning of the text and the text
   * has that beginning too.
   */
  longestAt(text: string, start: number): Pattern | undefined {
    const here = text.slice(start, start + this.#longest);
    return longestWithin(here, this.#sorted[this.#firstAfter(here) - 1]);
  }

  /** Whether a pattern begins with `tail` and goes on. */
  goesOn(tail: string): boolean {
    return this.#sorted[this.#firstAfter(tail)]?.text.startsWith(tail) ?? false;
  }

  /** The index of the first pattern that sorts behind `text`. */
  #firstAfter(text: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle]?.text ?? '') > text) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The longest of `entry` and the shorter ones within it that `text` begins with. */
function longestWithin(text: string, entry: Entry | undefined): Entry | undefined {
  let candidate = entry;
  while (candidate && !text.startsWith(candidate.text)) candidate = candidate.shorter;
  return candidate;
}
