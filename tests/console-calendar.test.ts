/** Which days the calendar draws, and what it says of each. Pure functions, without a browser. */
import { expect, it } from 'vitest';
import { byDate } from '../console/skills/calendar-fires.ts';
import { firstDayOfWeek, weeksFrom } from '../console/skills/calendar-weeks.ts';
import { dateOf } from '../console/ui/dates.ts';
import type { Upcoming } from '../src/contract/upcoming.ts';

it.each([
  ['en-US', 7],
  ['de-DE', 1],
  ['en-GB', 1],
])('in %s a week begins on day %i', (name, day) => {
  expect(firstDayOfWeek(name)).toBe(day);
});

it.each([
  // A Monday, a Thursday, a Sunday; weeks from Monday and from Sunday.
  [new Date(2026, 10, 30), 1, '2026-11-30', '2026-12-27'],
  [new Date(2026, 11, 3), 1, '2026-11-30', '2026-12-27'],
  [new Date(2026, 11, 6), 1, '2026-11-30', '2027-01-03'],
  [new Date(2026, 11, 6), 7, '2026-12-06', '2027-01-02'],
  // The clock changes in between, wherever that is.
  [new Date(2026, 2, 20), 1, '2026-03-16', '2026-04-19'],
])('%s, weeks from day %i: from %s to %s', (now, firstDay, first, last) => {
  const weeks = weeksFrom(now.getTime(), firstDay);
  const dates = weeks.flat().map((day) => dateOf(day.getTime()));
  expect([dates[0], dates.at(-1)]).toEqual([first, last]);
  expect(new Set(dates).size).toBe(7 * weeks.length);
  expect(dates).toContain(dateOf(now.getTime()));
});

it('tells of each day its skills, the earliest first, and of one that starts too often only that', () => {
  const at = (day: number, hour: number) => new Date(2026, 11, day, hour).toISOString();
  const skill = { description: 'x', timezone: 'UTC', pausedUntil: null, isMore: false };
  const fire = (time: string, isLeftOut = false) => ({ at: time, isLeftOut });
  const upcoming: Upcoming = {
    ...{ from: at(1, 0), until: at(4, 0), timezone: 'UTC' },
    items: [
      { ...skill, slug: 'late', name: 'Late', times: [fire(at(1, 20)), fire(at(2, 20))] },
      { ...skill, slug: 'early', name: 'Early', times: [fire(at(1, 6), true), fire(at(1, 8), true)] },
      { ...skill, slug: 'often', name: 'Often', times: [fire(at(1, 7))], isMore: true },
      { ...skill, slug: 'hourly', name: 'Hourly', times: [1, 2, 3, 4, 5].map((hour) => fire(at(2, hour))) },
    ],
  };
  const said = [...byDate(upcoming, ['2026-12-01', '2026-12-02', '2026-12-03'])].map(([date, all]) => [
    date,
    all.map((each) => `${each.skill.slug} ${each.fires.length}${each.isPaused ? ' paused' : ''}`),
  ]);
  expect(said).toEqual([
    ['2026-12-01', ['early 2 paused', 'often 1', 'late 1']],
    ['2026-12-02', ['late 1', 'hourly 5', 'often 0']],
    ['2026-12-03', ['often 0']],
  ]);
});
