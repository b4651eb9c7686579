/**
 * Finds any of many patterns in a text in one pass, and looks at a part of its characters only (Wu and Manber 1994): the last
 * three of a window of `width` say how far on the next place is at which a pattern can begin. Only where that is here, a table
 * is asked which one does. The time hardly depends on how many patterns there are; a regular expression of all of them slows
 * down with their number (docs/decisions/0005-redaction.md).
 */

import { PatternBucket } from './pattern-bucket.ts';

/** How many code units of a pattern decide where it may begin; no pattern is shorter. */
export const width = 8;

/** So many code units are looked at together. */
const block = 3;
const blockBits = 18;
/** How far on a window goes whose end stands in the beginning of no pattern. */
const farthest = width - block + 1;

export type Match = { start: number; end: number; label: string };

export class PatternIndex {
  readonly #byPrefix = new Map<string, PatternBucket>();
  readonly #shortPrefixes = new Set<string>();
  /** By the end of a window, how far on the next place is at which a pattern may begin; 0 for here. */
  readonly #steps = new Uint8Array(2 ** blockBits).fill(farthest);
  #longest = 0;
  #size = 0;

  /** How many patterns there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds a pattern of at least `width` code units; of equal patterns the first one's label stays. */
  add(text: string, label: string): void {
    const prefix = text.slice(0, width);
    const bucket = this.#byPrefix.get(prefix) ?? new PatternBucket();
    this.#byPrefix.set(prefix, bucket);
    if (!bucket.add(text, label)) return;
    for (let length = 1; length < width; length++) this.#shortPrefixes.add(text.slice(0, length));
    for (let at = 0; at <= width - block; at++) {
      const key = keyAt(text, at);
      this.#steps[key] = Math.min(this.#steps[key] ?? farthest, width - block - at);
    }
    this.#longest = Math.max(this.#longest, text.length);
    this.#size++;
  }

  /** Of the longest pattern, in code units. */
  get longest(): number {
    return this.#longest;
  }

  /** The first match at or after `from`: the leftmost, and of those the longest. */
  find(text: string, from = 0): Match | undefined {
    for (let start = this.#candidate(text, from); start >= 0; start = this.#candidate(text, start + 1)) {
      const pattern = this.#bucketAt(text, start)?.longestAt(text, start);
      if (pattern) return { start, end: start + pattern.text.length, label: pattern.label };
    }
    return undefined;
  }

  /** Where, at or after `from`, a pattern may have begun that the end of the text cuts off; the text's length if nowhere. */
  openAt(text: string, from = 0): number {
    const first = Math.max(from, text.length - this.#longest + 1);
    for (let start = this.#candidate(text, first); start >= 0; start = this.#candidate(text, start + 1)) {
      if (this.#bucketAt(text, start)?.goesOn(text.slice(start))) return start;
    }
    for (let start = Math.max(first, text.length - width + 1); start < text.length; start++) {
      if (this.#shortPrefixes.has(text.slice(start))) return start;
    }
    return text.length;
  }

  #bucketAt(text: string, start: number): PatternBucket | undefined {
    return this.#byPrefix.get(text.slice(start, start + width));
  }

  /** The first place at or after `from` at which a pattern may begin; -1 if nowhere. */
  #candidate(text: string, from: number): number {
    if (this.#size === 0) return -1;
    const steps = this.#steps;
    const last = text.length - width;
    for (let start = from; start <= last; ) {
      const step = steps[keyAt(text, start + width - block)] ?? 0;
      if (step === 0) return start;
      start += step;
    }
    return -1;
  }
}

const keyAt = (text: string, at: number): number =>
  ((text.charCodeAt(at) << 12) ^ (text.charCodeAt(at + 1) << 6) ^ text.charCodeAt(at + 2)) &
  (2 ** blockBits - 1);
