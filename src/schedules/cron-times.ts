/** What a cron expression names by the clock on the wall, before any zone: days and times as if every day had 24 hours. */
import { Cron, CronPattern } from 'croner';

const minuteMs = 60_000;
const dayMs = 86_400_000;

export type CronTimes = {
  /** The first time after `wall` (milliseconds, read as if UTC) that it names; undefined when there is none. */
  next(wall: number): number | undefined;
  /** It names every hour, so it asks for so many minutes apart and not for a time of the day. */
  isEveryHour: boolean;
  /** Its minutes are `*` or a step: again, so many minutes apart. */
  isEveryMinutes: boolean;
};

/**
 * Reads five fields, or a name such as @daily.
 *
 * @throws TypeError, RangeError of croner for what is no expression
 */
export function readCronTimes(expression: string): CronTimes {
  const pattern = new CronPattern(expression, 'UTC', { mode: '5-part' });
  const [minuteField = '', , ...dayFields] = nicknameOf(expression).split(/\s+/);
  const times = timesOfDay(pattern);
  // Croner finds the days, with all that it knows of last and nearest and nth ones.
  const days = new Cron(`0 0 ${dayFields.join(' ')}`, { utcOffset: 0, mode: '5-part', paused: true });
  const isEveryDay = dayFields.every((field) => field === '*');
  let known = Number.NaN;

  /** The first day at or after `day` (its midnight) that is named. */
  function dayFrom(day: number): number | undefined {
    if (isEveryDay) return day;
    if (day !== known) known = days.nextRun(new Date(day - 1))?.getTime() ?? Number.NaN;
    return Number.isNaN(known) ? undefined : known;
  }

  return {
    isEveryHour: pattern.hour.every(Boolean),
    isEveryMinutes: /[*/?]/.test(minuteField),
    next(wall) {
      const today = Math.floor(wall / dayMs) * dayMs;
      if (dayFrom(today) === today) {
        const later = times.find((time) => today + time > wall);
        if (later !== undefined) return today + later;
      }
      const day = dayFrom(today + dayMs);
      return day === undefined ? undefined : day + (times[0] ?? 0);
    },
  };
}

/** In milliseconds from midnight, in order. */
const timesOfDay = ({ hour, minute }: CronPattern): number[] =>
  hour.flatMap((isHour, h) =>
    isHour ? minute.flatMap((isMinute, m) => (isMinute ? [(h * 60 + m) * minuteMs] : [])) : [],
  );

const nicknames: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** The five fields that a name such as @daily stands for; any other expression as it is. */
export const nicknameOf = (expression: string): string =>
  nicknames[expression.trim().toLowerCase()] ?? expression.trim();
