/**
 * Days and months of the owner's zone. Their beginnings go by the same rule as schedules: a midnight that a
 * day skips is the end of the gap, and one that comes twice is the first.
 */
import { lastFire, nextFire, nextFires } from './schedule.ts';

export type Period = 'day' | 'month';
export type Window = { from: Date; until: Date };

const beginnings: Record<Period, string> = { day: '0 0 * * *', month: '0 0 1 * *' };

/** Surely longer than the period, in milliseconds. */
const longest: Record<Period, number> = { day: 3 * 86_400_000, month: 35 * 86_400_000 };

/** The day or month that `at` belongs to: `from` is in it, `until` is the first moment of the next. */
export function windowOf(period: Period, timezone: string, at: Date): Window {
  const schedule = { cron: beginnings[period], timezone };
  const from = lastFire(schedule, new Date(at.getTime() - longest[period]), at)?.last;
  const until = nextFire(schedule, at);
  // Every zone has a midnight in three days, and one in front of it.
  if (!from || !until) throw new Error(`The zone ${timezone} has no ${period} at ${at.toISOString()}`);
  return { from, until };
}

/** When each of the last `count` days of the zone began, in order; `now` is in the last. */
export function lastDays(timezone: string, count: number, now: Date): Date[] {
  const { from, until } = windowOf('day', timezone, now);
  const begins = nextFires(
    { cron: beginnings.day, timezone },
    new Date(from.getTime() - (count + 2) * 86_400_000),
    count + 3,
  );
  return begins.filter((begin) => begin < until).slice(-count);
}

/** When each day of a month (`2026-11`) of the zone began, in order, up to the day of `now`: none of a month to come. */
export function daysOfMonth(timezone: string, month: string, now: Date): Date[] {
  // The fifteenth is in the month everywhere, wherever its first begins.
  const { from, until } = windowOf('month', timezone, new Date(`${month}-15T12:00:00Z`));
  return nextFires({ cron: beginnings.day, timezone }, new Date(from.getTime() - 1), 32).filter(
    (begin) => begin < until && begin <= now,
  );
}

/** The date of a moment in a zone: `2026-11-29`. */
export const dateOf = (at: Date, timezone: string): string =>
  new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short' }).format(at);

/** A moment for a person of that zone: `24 Nov 2026, 00:00 (Europe/Berlin)`. */
export const sayTime = (at: Date, timezone: string): string =>
  `${new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at)} (${timezone})`;
