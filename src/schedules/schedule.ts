/**
 * When a schedule fires. The expression is cron (minute hour day month weekday), read in an IANA zone. One rule for daylight
 * saving, with lists, ranges and steps as with single values: a time that a day skips fires at the end of the gap, once; a time
 * that a day has twice fires the first time alone. What is asked for every hour, or every so many minutes, goes on by the clock
 * that does not jump: an hour that comes twice has its fires twice, and every hour needs nothing in place of one that is skipped.
 */
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { type CronTimes, readCronTimes } from './cron-times.ts';
import { clockChange, isZone, offsetAt } from './zone.ts';

/** `pausedUntil`: it fires only behind this time (ISO 8601). */
export type Schedule = { cron: string; timezone: string; pausedUntil?: string | undefined };

/** Seconds would fire up to sixty times a minute: cron's five fields, or a name such as @daily. */
const fiveFields = /^\s*(?:@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)|\S+(?:\s+\S+){4})\s*$/i;

const dayMs = 86_400_000;
/** No clock was ever put forward or back by more, in milliseconds (Samoa and Kwajalein changed sides of the date line). */
const longestChange = dayMs + 3_600_000;
/** How many fires are counted one by one. */
const mostCounted = 1_000;

/**
 * Checks a schedule.
 *
 * @param at the JSON pointer under which its fields are named
 * @throws AlfredError E_VALIDATION naming the field that is wrong, or that the schedule never fires
 */
export function checkSchedule(schedule: Schedule, at = ''): void {
  if (!isZone(schedule.timezone)) {
    throw wrong(
      `${at}/timezone`,
      `"${schedule.timezone}" is no time zone`,
      'Use a place of the IANA database, such as Europe/Berlin, or UTC. Abbreviations mean several places.',
    );
  }
  if (nextFire(schedule, timeNow(), at) === undefined) {
    throw wrong(
      `${at}/cron`,
      'this expression never fires',
      'Look at its day and month: there is no 31 February.',
    );
  }
}

/**
 * The next time after `after` at which the schedule fires; undefined when it never does again.
 *
 * @throws AlfredError E_VALIDATION for an expression that is none
 */
export function nextFire(schedule: Schedule, after: Date, at = ''): Date | undefined {
  const times = readCron(schedule.cron, at);
  const next = fireAfter(times, schedule.timezone, behindPause(schedule, after.getTime()));
  return next === undefined ? undefined : new Date(next);
}

/** The next `count` times. @throws AlfredError E_VALIDATION */
export const nextFires = (schedule: Schedule, after: Date, count: number): Date[] =>
  [...firesAfter(schedule, after.getTime(), count)].map((time) => new Date(time));

/**
 * The last time at or before `until`, looking no further back than `since`, and how many there were (`mostCounted` stands for
 * that many or more); undefined when there was none.
 */
export function lastFire(
  schedule: Schedule,
  since: Date,
  until: Date,
): { last: Date; count: number } | undefined {
  let last: number | undefined;
  let count = 0;
  for (const time of firesAfter(schedule, since.getTime(), mostCounted)) {
    if (time > until.getTime()) return last === undefined ? undefined : { last: new Date(last), count };
    last = time;
    count++;
  }
  if (last === undefined) return undefined;
  // A minute's schedule after a long sleep: the last one stands not far back, however many came before.
  for (let back = dayMs; until.getTime() - back > last; back *= 2) {
    const near = lastFire(schedule, new Date(until.getTime() - back), until);
    if (near) return { last: near.last, count };
  }
  for (const time of firesAfter(schedule, last, Number.POSITIVE_INFINITY)) {
    if (time > until.getTime()) break;
    last = time;
  }
  return { last: new Date(last), count };
}

const behindPause = ({ pausedUntil }: Schedule, after: number): number =>
  pausedUntil === undefined ? after : Math.max(after, Date.parse(pausedUntil));

function* firesAfter(schedule: Schedule, after: number, most: number): Generator<number> {
  const { cron, timezone } = schedule;
  const times = readCron(cron);
  let time = fireAfter(times, timezone, behindPause(schedule, after));
  for (let count = 0; time !== undefined && count < most; count++) {
    yield time;
    time = fireAfter(times, timezone, time);
  }
}

/** Walks from one change of the clock to the next: between two, wall and world differ by one offset. */
function fireAfter(times: CronTimes, zone: string, after: number): number | undefined {
  const firesTwice = times.isEveryHour || times.isEveryMinutes;
  let { from, offset, wall } = standingAt(zone, after, firesTwice);
  for (;;) {
    const match = times.next(wall);
    if (match === undefined) return undefined;
    const at = match - offset;
    const change = clockChange(zone, from, Math.min(at, from + 2 * longestChange));
    if (change !== undefined) {
      const now = offsetAt(zone, change);
      const isSkipped = match < change + now;
      if (now > offset && isSkipped && !times.isEveryHour) return change;
      wall = change - 1 + (now < offset && !firesTwice ? offset : now);
      offset = now;
      from = change;
    } else if (at <= from + 2 * longestChange) {
      return at;
    } else {
      // Nothing is named between here and there; whatever the clock does meanwhile, it is looked at from close by.
      from = at - longestChange;
      offset = offsetAt(zone, from);
      wall = from + offset;
    }
  }
}

/** Where the walk begins: `wall` is the time of the day up to which everything has fired. */
function standingAt(zone: string, after: number, firesTwice: boolean) {
  const offset = offsetAt(zone, after);
  const change = firesTwice ? undefined : clockChange(zone, after - longestChange, after);
  // Within an hour that comes for the second time, what it shows has fired in the first.
  const shown = change === undefined ? 0 : change - 1 + offsetAt(zone, change - 1);
  return { from: after, offset, wall: Math.max(after + offset, shown) };
}

/** @throws AlfredError E_VALIDATION naming `<at>/cron` */
export function readCron(cron: string, at = ''): CronTimes {
  if (!fiveFields.test(cron)) {
    throw wrong(
      `${at}/cron`,
      'it needs five fields: minute, hour, day, month, weekday',
      'For every day at seven: 0 7 * * *',
    );
  }
  try {
    return readCronTimes(cron);
  } catch (cause) {
    throw wrong(
      `${at}/cron`,
      'it is no cron expression',
      'Minutes go from 0 to 59, hours from 0 to 23, days from 1 to 31, months from 1 to 12, weekdays from 0 (Sunday) to 7. For weekdays at half past six: 30 6 * * 1-5',
      cause,
    );
  }
}

const wrong = (field: string, message: string, remedy: string, cause?: unknown) =>
  new AlfredError('E_VALIDATION', `The schedule is not right: ${message}.`, {
    remedy,
    fields: [{ field, message }],
    cause,
  });
