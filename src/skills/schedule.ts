/**
 * When a schedule fires. The expression is cron (minute hour day month weekday), read in an IANA zone. One rule for daylight
 * saving: a time that a day skips fires at the end of the gap; a time that a day has twice fires the first time alone. What
 * fires every so many minutes or hours goes on doing so, by the clock on the wall that does not jump.
 */
import { Cron } from 'croner';
import cronstrue from 'cronstrue';
import { AlfredError } from '../kernel/errors.ts';

export type Schedule = { cron: string; timezone: string };

/** Seconds would fire up to sixty times a minute: cron's five fields, or a name such as @daily. */
const fiveFields = /^\s*(?:@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)|\S+(?:\s+\S+){4})\s*$/i;

/** Where `cronstrue` wants fields. */
const nicknames: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

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
      'Use an IANA zone, such as Europe/Berlin.',
    );
  }
  if (nextFire(schedule, new Date()) === undefined) {
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
export const nextFire = (schedule: Schedule, after: Date): Date | undefined =>
  parse(schedule).nextRun(after) ?? undefined;

/** The next `count` times. @throws AlfredError E_VALIDATION */
export const nextFires = (schedule: Schedule, after: Date, count: number): Date[] =>
  parse(schedule).nextRuns(count, after);

/** The last time at or before `until`, looking no further back than `since`; undefined when there was none. */
export function lastFire(
  schedule: Schedule,
  since: Date,
  until: Date,
): { last: Date; count: number } | undefined {
  const cron = parse(schedule);
  let last: Date | undefined;
  let count = 0;
  // A minute's schedule and a month's sleep make 43,200 steps; after a year of sleep the exact number says nothing more.
  for (let next = cron.nextRun(since); next && next <= until && count < 50_000; next = cron.nextRun(next)) {
    last = next;
    count++;
  }
  return last && { last, count };
}

/** The expression in plain words: "At 07:00 AM, Monday through Friday". @throws AlfredError E_VALIDATION */
export function describeSchedule({ cron, timezone }: Schedule): string {
  parse({ cron, timezone });
  const fields = nicknames[cron.trim().toLowerCase()] ?? cron;
  return `${cronstrue.toString(fields, { use24HourTimeFormat: true, verbose: false })} (${timezone})`;
}

function parse({ cron, timezone }: Schedule): Cron {
  if (!fiveFields.test(cron)) {
    throw wrong(
      '/cron',
      'it needs five fields: minute, hour, day, month, weekday',
      'For every day at seven: 0 7 * * *',
    );
  }
  try {
    return new Cron(cron.trim(), { timezone, paused: true });
  } catch (cause) {
    throw wrong('/cron', 'it is no cron expression', 'For weekdays at half past six: 30 6 * * 1-5', cause);
  }
}

function isZone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}

const wrong = (field: string, message: string, remedy: string, cause?: unknown) =>
  new AlfredError('E_VALIDATION', `The schedule is not right: ${message}.`, {
    remedy,
    fields: [{ field, message }],
    cause,
  });
