import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLines } from './lines.ts';

async function linesOf(chunks: Uint8Array[]): Promise<string[]> {
  return Array.fromAsync(
    readLines(
      (async function* () {
        yield* chunks;
      })(),
    ),
  );
}

test('lines end at "\\n" alone, wherever the chunks are cut', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', '😀', 'é', '\u2028', '\u2029', '\r', '\u0085') });
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(8)), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const chunks = [];
      let at = 0;
      for (const cut of cuts) {
        chunks.push(bytes.subarray(at, at + cut));
        at += cut;
      }
      chunks.push(bytes.subarray(at));
      expect(await linesOf(chunks)).toEqual(lines);
    }),
  );
});

test('the last line needs no end', async () => {
  expect(await linesOf([Buffer.from('a\n\nb')])).toEqual(['a', '', 'b']);
});
