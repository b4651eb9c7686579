/** Which days Find offers, and what the list of versions says of each save. Pure functions, without a browser. */
import { expect, it } from 'vitest';
import { daysNamed } from '../console/layout/days-named.ts';
import { ranOn } from '../console/layout/ran-on.ts';
import { changesInShort } from '../console/skills/difference-words.ts';
import { differencesOf } from '../src/contract/skill-differences.ts';

const run = (day: number, skillSlug: string) => ({
  createdAt: new Date(2026, 10, day, 12).toISOString(),
  skillSlug,
});

it('offers a day on which something ran, and of a skill one on which it did', () => {
  const ran = ranOn([run(27, 'bills'), run(25, 'garden')], false);
  expect([ran('2026-11-27'), ran('2026-11-26'), ran('2026-11-25')]).toEqual([true, false, true]);
  expect([ran('2026-11-27', 'bills'), ran('2026-11-27', 'garden')]).toEqual([true, false]);
  expect(ranOn([], false)('2026-11-27')).toBe(false);
});

it('takes days behind the runs that it knows for days with runs', () => {
  const ran = ranOn([run(27, 'bills'), run(25, 'garden')], true);
  expect([ran('2026-11-26'), ran('2026-11-25', 'bills'), ran('2026-11-20')]).toEqual([false, true, true]);
});

it('takes a weekday for today and the one a week before, and "last" for the one before alone', () => {
  const tuesday = new Date(2026, 11, 1, 12).getTime();
  expect(daysNamed('tuesday', tuesday)).toEqual(['2026-12-01', '2026-11-24']);
  expect(daysNamed('last Tuesday', tuesday)).toEqual(['2026-11-24']);
  expect(daysNamed('the bill summary of last friday', tuesday)).toEqual(['2026-11-27']);
  expect(daysNamed('today', tuesday)).toEqual(['2026-12-01']);
  expect(daysNamed('bills', tuesday)).toEqual([]);
});

it('says a single change with both values, and of several the names', () => {
  const step = { id: 1, prompt: 'Water it', allowedTools: [] };
  const before = { name: 'Garden', maxCostUsd: 0.5, steps: [step] };
  const short = (after: object) => changesInShort(differencesOf(before, { ...before, ...after }));
  expect(short({ maxCostUsd: 2 })).toMatch(/^\w.+: \$0\.50 → \$2\.00$/);
  expect(short({ maxCostUsd: null })).toMatch(/: \$0\.50 → nothing$/);
  expect(short({ steps: [{ ...step, prompt: 'Water it, and feed the fish in the pond' }] })).toBe('Step 1');
  expect(short({ name: 'Yard', steps: [{ ...step, guidance: 'x' }] })).toBe('Name, Step 1');
  expect(short({})).toBe('');
});
