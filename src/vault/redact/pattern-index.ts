/**
 * Finds any of many patterns in a text in one pass: a rolling hash of `width` code units (Karp and Rabin 1987) asks a bitmap
 * whether a pattern can begin here, and only then a table which one does. The time hardly depends on how many patterns
 * there are; a regular expression of all of them slows down with their number (docs/decisions/0005-redaction.md).
 */

import { PatternBucket } from './pattern-bucket.ts';

/** How many code units of a pattern are hashed; no pattern is shorter. */
export const width = 8;

const multiplier = 0x01000193;
const bitmapBits = 20;
/** `multiplier` to the power of `width - 1`, modulo 2^32: what the code unit that leaves the window is worth. */
const leaving = Array.from({ length: width - 1 }).reduce<number>(
  (product) => Math.imul(product, multiplier),
  1,
);

export type Match = { start: number; end: number; label: string };

export class PatternIndex {
  readonly #byPrefix = new Map<string, PatternBucket>();
  readonly #shortPrefixes = new Set<string>();
  readonly #bitmap = new Uint32Array(2 ** bitmapBits / 32);
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
    const bit = bitOf(hashOf(prefix));
    this.#bitmap[bit >>> 5] = (this.#bitmap[bit >>> 5] ?? 0) | (1 << (bit & 31));
    this.#longest = Math.max(this.#longest, text.length);
    this.#size++;
  }

  /** The first match at or after `from`: the leftmost, and of those the longest. */
  find(text: string, from = 0): Match | undefined {
    for (const start of this.#candidates(text, from)) {
      const pattern = this.#bucketAt(text, start)?.longestAt(text, start);
      if (pattern) return { start, end: start + pattern.text.length, label: pattern.label };
    }
    return undefined;
  }

  /** Where, at or after `from`, a pattern may have begun that the end of the text cuts off; the text's length if nowhere. */
  openAt(text: string, from = 0): number {
    const first = Math.max(from, text.length - this.#longest + 1);
    for (const start of this.#candidates(text, first)) {
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

  /** Places at which the bitmap does not rule out that a pattern begins. */
  *#candidates(text: string, from: number): Generator<number> {
    const last = text.length - width;
    if (this.#size === 0 || from > last) return;
    let hash = hashOf(text.slice(from, from + width));
    for (let start = from; ; start++) {
      const bit = bitOf(hash);
      if (((this.#bitmap[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) yield start;
      if (start >= last) return;
      hash = (hash - Math.imul(text.charCodeAt(start), leaving)) | 0;
      hash = (Math.imul(hash, multiplier) + text.charCodeAt(start + width)) | 0;
    }
  }
}

function hashOf(prefix: string): number {
  let hash = 0;
  for (let at = 0; at < width; at++) hash = (Math.imul(hash, multiplier) + prefix.charCodeAt(at)) | 0;
  return hash;
}

const bitOf = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> (32 - bitmapBits);
