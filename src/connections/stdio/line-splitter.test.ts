import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

function split(chunks: Buffer[], maxBytes: number, floodBytes = 1_000_000) {
  const seen = {
    lines: [] as string[],
    overlong: [] as { head: string; tail: string; bytes: number }[],
    floods: 0,
  };
  const splitter = new LineSplitter(
    { maxBytes, floodBytes },
    {
      onLine: (line) => seen.lines.push(line),
      onOverlong: (line) => seen.overlong.push(line),
      onFlood: () => {
        seen.floods += 1;
      },
    },
  );
  for (const chunk of chunks) splitter.push(chunk);
  return seen;
}

/** `text` cut into chunks at any bytes, characters of several included. */
function cut(text: string, sizes: number[]): Buffer[] {
  const whole = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < whole.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(whole.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\n', ''));

it('gives the same lines wherever the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(line),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (lines, sizes) => {
        const text = lines.map((one) => `${one}\n`).join('');
        expect(split(cut(text, sizes), 10_000)).toEqual({ lines: [...lines], overlong: [], floods: 0 });
      },
    ),
  );
});

it('lets one long line go by without keeping it, and reads on', () => {
  const long = `{"id":1,${'x'.repeat(5_000)},"end":2}`;
  const seen = split(cut(`before\n${long}\nafter\n`, [700]), 1_000);
  expect(seen.lines).toEqual(['before', 'after']);
  expect(seen.overlong).toEqual([{ head: long.slice(0, 512), tail: long.slice(-512), bytes: long.length }]);
});

it('says once when a line has no end', () => {
  const seen = split(cut('y'.repeat(100_000), [1_000]), 1_000, 4_000);
  expect(seen).toEqual({ lines: [], overlong: [], floods: 1 });
});
