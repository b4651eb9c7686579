import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BrokenForms } from './broken-forms.ts';

/** Few letters, so that forms overlap, begin alike and stand within one another. */
const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'a', 'b', 'z'), minLength, maxLength });
const forms = fc.array(digits(8, 14), { minLength: 1, maxLength: 20 });
const text = fc.string({
  unit: fc.constantFrom('a', 'a', 'a', 'b', 'z', '\n', ' ', '.', '\\n'),
  maxLength: 60,
});

function brokenForms(known: readonly string[]): BrokenForms {
  const broken = new BrokenForms();
  for (const form of known) broken.add(form, form);
  return broken;
}

/** Where `form` ends that begins at `start`, digit by digit; undefined when it does not stand there. */
function endOf(form: string, within: string, start: number): number | undefined {
  let at = start;
  for (const [index, digit] of [...form].entries()) {
    const [gap = ''] = /^(?:[ :\r\n]|\\n|\\)*/.exec(within.slice(at)) ?? [];
    const isHex = /[a-f]/.test(digit) && /[a-f]/.test(form[index - 1] ?? '');
    const mayBeThere = index > 0 && (isHex || /[\r\n\\]/.test(gap));
    if (gap !== '' && !mayBeThere) return undefined;
    at += gap.length;
    if (within[at] !== digit) return undefined;
    at++;
  }
  return at;
}

it('is the same as trying every form at every place', () => {
  fc.assert(
    fc.property(forms, text, (known, within) => {
      const places = Array.from({ length: within.length }, (_, start) => start).flatMap((start) => {
        const ends = known.flatMap((form) => endOf(form, within, start) ?? []);
        return ends.length === 0 ? [] : [{ start, end: Math.max(...ends) }];
      });
      const found = brokenForms(known).find(within);
      // A form that is whole is found here only where its run is broken elsewhere.
      const isBroken = ({ start, end }: { start: number; end: number }) =>
        /[^abz]/.test(within.slice(start, end));
      const broken = places.find(isBroken);
      if (broken) expect(found?.start).toBeLessThanOrEqual(broken.start);
      if (found) expect(places).toContainEqual({ start: found.start, end: found.end });
    }),
    { numRuns: 3000 },
  );
});
