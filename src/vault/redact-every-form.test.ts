/** No stream lets a secret out, in whatever form, wherever it is cut: half a million streams, in a file of their own. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anySecret, encodings, streamed } from '../../tests/helpers/secret-encodings.ts';
import { Redactor } from './redact.ts';

/** Every stretch of 8 characters: none of them may be left. White space at the ends is no secret. */
const pieces = (core: string): string[] => {
  const text = core.trim();
  return Array.from({ length: Math.max(0, text.length - 7) }, (_, at) => text.slice(at, at + 8));
};

it('finds 500 secrets in every form at every split point', { timeout: 300_000, tags: ['exhaustive'] }, () => {
  const redactor = new Redactor();
  const secrets = fc.sample(anySecret, { numRuns: 500, seed: 20261122 });
  for (const [index, value] of secrets.entries()) redactor.register(`s.K${index}`, value);
  const leaks: string[] = [];
  let splits = 0;
  for (const value of secrets) {
    for (const { form, text, core } of encodings(value)) {
      const whole = redactor.text(text);
      const leaked = pieces(core).some((piece) => whole.includes(piece));
      if (leaked || !whole.includes('[redacted:s.K')) leaks.push(`${form} of ${value}`);
      // Every split into two chunks, and character by character.
      const cuts = Array.from(text, (_, at) => [text.slice(0, at), text.slice(at)]);
      for (const chunks of [...cuts, [...text]]) {
        splits++;
        if (streamed(redactor, chunks) !== whole) leaks.push(`${form} of ${value}, split`);
      }
    }
  }
  expect(leaks).toEqual([]);
  expect(splits).toBeGreaterThan(400_000);
});
