/** What the console says of caps: the calendar month begins where the cap of the month does. Pure functions, without a browser. */
import { expect, it } from 'vitest';
import { monthBeside, monthOf, readDays, readMonth } from '../console/costs/months.ts';
import { besidesOf, spentIn } from '../console/costs/spent-in.ts';
import { capsOf, isReached, isUsedUp } from '../console/home/caps-of-skills.ts';
import { windowOf } from '../src/schedules/windows.ts';

it.each([
  ['UTC', '2026-11-30T23:59:59Z', '2026-11'],
  // It is the first there already, and still the last here.
  ['Pacific/Kiritimati', '2026-11-30T12:00:00Z', '2026-12'],
  ['Pacific/Marquesas', '2026-12-01T09:00:00Z', '2026-11'],
])('%s at %s is in the month %s', (timezone, at, month) => {
  const { from, until } = windowOf('month', timezone, new Date(at));
  const spend = { capUsd: null, spentUsd: 0, heldUsd: 0, lostUsd: 0 };
  expect(
    monthOf({ timezone, month: { ...spend, from: from.toISOString(), until: until.toISOString() } }),
  ).toBe(month);
});

it('takes of an address what is a month, and what is a number of days', () => {
  expect(['2026-10', '1999-12', '2100-01', '2026-13', '202-10', 'all', 7, undefined].map(readMonth)).toEqual([
    '2026-10',
    ...Array(7).fill(undefined),
  ]);
  expect([7, 366, 0, 367, 1.5, 'month', undefined].map(readDays)).toEqual([
    7,
    366,
    ...Array(5).fill(undefined),
  ]);
});

it('goes from month to month, over the year as well', () => {
  expect([monthBeside('2026-11', -1), monthBeside('2026-12', 1), monthBeside('2026-01', -1)]).toEqual([
    '2026-10',
    '2027-01',
    '2025-12',
  ]);
});

it('says one sum: what is listed, and what was spent besides', () => {
  const totals = { costUsd: 5.35 };
  const both = (spentUsd: number | null) => [besidesOf({ spentUsd, totals }), spentIn({ spentUsd, totals })];
  expect(both(5.6).map((usd) => usd?.toFixed(2))).toEqual(['0.25', '5.60']);
  // Dust, what is kept no more, and what the runs spent in the month after.
  expect(both(5.3502)).toEqual([0, 5.35]);
  expect(both(null)).toEqual([0, 5.35]);
  expect(both(5)).toEqual([0, 5.35]);
});

it('names the caps of single skills, the fullest first, and which is used up or set aside', () => {
  const spend = (capUsd: number | null, spentUsd: number, heldUsd = 0) => ({
    ...{ capUsd, spentUsd, heldUsd, lostUsd: 0, from: '2026-11-01T00:00:00Z', until: '2026-12-01T00:00:00Z' },
  });
  const caps = capsOf([
    { slug: 'dear', day: spend(null, 9), month: spend(null, 90) },
    { slug: 'half', day: spend(2, 1), month: spend(null, 30) },
    { slug: 'full', day: spend(10, 1), month: spend(5, 4, 1) },
    { slug: 'none', day: spend(0, 0), month: spend(null, 0) },
  ]);
  expect(caps.map((cap) => [cap.slug, cap.period, isReached(cap), isUsedUp(cap)])).toEqual([
    // A call that goes on has the rest of it.
    ['full', 'month', true, false],
    ['none', 'day', true, true],
    ['half', 'day', false, false],
    ['full', 'day', false, false],
  ]);
});
