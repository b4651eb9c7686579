/** What the console says of caps: the calendar month begins where the cap of the month does. Pure functions, without a browser. */
import { expect, it } from 'vitest';
import { daysOfMonth } from '../console/costs/days-of-month.ts';
import { capsOf, isUsedUp } from '../console/home/caps-of-skills.ts';
import { lastDays, windowOf } from '../src/schedules/windows.ts';

it.each([
  ['UTC', '2026-11-01T00:00:00Z', 1],
  ['UTC', '2026-11-30T23:59:59Z', 30],
  // It is the first there already, and still the last here.
  ['Pacific/Kiritimati', '2026-11-30T12:00:00Z', 1],
  ['Pacific/Marquesas', '2026-12-01T09:00:00Z', 30],
  // Behind a day of 23 hours, and behind one of 25.
  ['Europe/Berlin', '2026-03-31T12:00:00Z', 31],
  ['Europe/Berlin', '2026-10-31T12:00:00Z', 31],
])('%s at %s is day %i, and the days of the statistics begin with the month of the cap', (zone, at, days) => {
  const now = new Date(at);
  const spend = { capUsd: null, spentUsd: 0, heldUsd: 0, lostUsd: 0 };
  const window = (period: 'day' | 'month') => {
    const { from, until } = windowOf(period, zone, now);
    return { ...spend, from: from.toISOString(), until: until.toISOString() };
  };
  const month = window('month');
  expect(daysOfMonth({ day: window('day'), month })).toBe(days);
  expect(lastDays(zone, days, now)[0]?.toISOString()).toBe(month.from);
});

it('names the caps of single skills, the fullest first, and which is used up', () => {
  const spend = (capUsd: number | null, spentUsd: number, heldUsd = 0) => ({
    ...{ capUsd, spentUsd, heldUsd, lostUsd: 0, from: '2026-11-01T00:00:00Z', until: '2026-12-01T00:00:00Z' },
  });
  const caps = capsOf([
    { slug: 'dear', day: spend(null, 9), month: spend(null, 90) },
    { slug: 'half', day: spend(2, 1), month: spend(null, 30) },
    { slug: 'full', day: spend(10, 1), month: spend(5, 4, 1) },
    { slug: 'none', day: spend(0, 0), month: spend(null, 0) },
  ]);
  expect(caps.map((cap) => [cap.slug, cap.period, isUsedUp(cap)])).toEqual([
    ['full', 'month', true],
    ['none', 'day', true],
    ['half', 'day', false],
    ['full', 'day', false],
  ]);
});
