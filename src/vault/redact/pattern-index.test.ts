import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternIndex, width } from './pattern-index.ts';

/** Few letters and many repetitions, so that patterns overlap, begin alike and stand within one another. */
const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'a', 'b', 'ü'), minLength, maxLength });
const patterns = fc.array(text(width, width + 8), { minLength: 1, maxLength: 40 });

function indexOf(patterns: readonly string[]): PatternIndex {
  const index = new PatternIndex();
  for (const pattern of patterns) index.add(pattern, pattern);
  return index;
}

describe('finding', () => {
  it('is the same as trying every pattern at every place', () => {
    fc.assert(
      fc.property(patterns, text(0, 80), fc.nat(20), (known, within, from) => {
        const places = Array.from({ length: within.length }, (_, start) => start).slice(from);
        const start = places.find((at) => known.some((pattern) => within.startsWith(pattern, at)));
        const found = start === undefined ? [] : known.filter((each) => within.startsWith(each, start));
        const longest = found.sort((a, b) => b.length - a.length)[0];
        expect(indexOf(known).find(within, from)).toEqual(
          start === undefined || longest === undefined
            ? undefined
            : { start, end: start + longest.length, label: longest },
        );
      }),
      { numRuns: 5000 },
    );
  });

  it('counts equal patterns once, and keeps the first label', () => {
    const index = new PatternIndex();
    index.add('abcdefgh', 'first');
    index.add('abcdefgh', 'second');
    expect(index.size).toBe(1);
    expect(index.find('xabcdefghx')).toEqual({ start: 1, end: 9, label: 'first' });
  });
});

describe('the open place', () => {
  it('is the first at which the end cuts a pattern off', () => {
    fc.assert(
      fc.property(patterns, text(0, 60), (known, within) => {
        const tails = Array.from({ length: within.length }, (_, start) => within.slice(start));
        const open = tails.findIndex((tail) =>
          known.some((pattern) => pattern.length > tail.length && pattern.startsWith(tail)),
        );
        expect(indexOf(known).openAt(within)).toBe(open === -1 ? within.length : open);
      }),
      { numRuns: 5000 },
    );
  });
});
