/** A cron expression in plain words that are true of when it fires, in English or German. */

import { CronPattern } from 'croner';
import cronstrue from 'cronstrue';
import 'cronstrue/locales/de.js';
import type { LanguageName } from '../contract/preferences.ts';
import { timeNow } from '../kernel/clock.ts';
import { nicknameOf } from './cron-times.ts';
import { nextFires, readCron, type Schedule } from './schedule.ts';

/**
 * The expression in plain words, with its zone: "At 07:00, Monday through Friday (Europe/Berlin)". Where there are no words
 * that would be true, its next times stand for them.
 *
 * @param options.zoneWords what stands for the zone
 * @throws AlfredError E_VALIDATION
 */
export function describeSchedule(
  schedule: Schedule,
  {
    zoneWords = schedule.timezone,
    language = 'en',
  }: { zoneWords?: string; language?: LanguageName | undefined } = {},
): string {
  readCron(schedule.cron);
  return `${wordsOf(nicknameOf(schedule.cron), language) ?? nextTimes(schedule, language)} (${zoneWords})`;
}

/** What is put together here, around what cronstrue says. */
const words = {
  en: {
    locale: 'en-GB',
    everyMinute: 'Every minute, ',
    at: 'At',
    inTheHours: 'in the hours from',
    nextAt: 'Next at',
    alsoEach: (day: string) =>
      `and also ${day.startsWith('on the ') ? day : day.replace(/^(only on )?/, 'on each ')}`,
    onDay: (day: string) => day,
  },
  de: {
    locale: 'de-DE',
    everyMinute: 'Jede Minute, ',
    at: 'Um',
    inTheHours: 'in den Stunden ab',
    nextAt: 'Als Nächstes am',
    alsoEach: (day: string) => `und außerdem ${day.replace(/^nur /, '')}`,
    // "nur jeden Montag" says no more than "jeden Montag".
    onDay: (day: string) => day.replace(/^nur (?=jeden )/, ''),
  },
};

/**
 * cronstrue tells what is written: "every 45 minutes" for a step that begins anew each hour, "and" for a day and a weekday of
 * which either is enough. It is given what is meant, field by field: steps that do not divide their field, and fields that hold
 * everything, as the values that they hold. Undefined for what it has no words for.
 */
function wordsOf(expression: string, language: LanguageName): string | undefined {
  const pattern = new CronPattern(expression, 'UTC', { mode: '5-part' });
  const fields = expression.split(/\s+/);
  const day = plainField(fields[2], pattern.day, 1);
  const month = plainField(fields[3], pattern.month, 1);
  const weekday = plainField(fields[4], pattern.dayOfWeek, 0);
  if (!day || !month || !weekday) return undefined;
  // A day of the month or a weekday is enough; where one of them holds every day, the other says nothing.
  const isEveryDay = (day === '*' && !pattern.starDOM) || (weekday === '*' && !pattern.starDOW);
  const onDay = isEveryDay || day === '*' ? '' : inWords(`* * ${day} * *`, language);
  const onWeekday = isEveryDay || weekday === '*' ? '' : inWords(`* * * * ${weekday}`, language);
  const inMonth = month === '*' ? '' : inWords(`* * * ${month} *`, language);
  const time = timeWords(fields, pattern, language);
  if ([time, onDay, onWeekday, inMonth].includes(undefined)) return undefined;
  const { alsoEach, onDay: alone } = words[language];
  const days = onDay && onWeekday ? `${onDay}, ${alsoEach(onWeekday)}` : alone(onDay || onWeekday || '');
  return [time, days, inMonth].filter((part) => part !== '').join(', ');
}

/** "At 07:00 and 19:00", "Every 15 minutes, between 09:00 and 17:59". */
function timeWords(
  [minuteText, hourText]: string[],
  { minute, hour }: CronPattern,
  language: LanguageName,
): string | undefined {
  const { at, inTheHours } = words[language];
  const minutes = plainField(minuteText, minute, 0);
  const hours = plainField(hourText, hour, 0);
  const heldHours = valuesOf(hour, 0);
  const heldMinutes = valuesOf(minute, 0);
  if (!minutes || !hours) return undefined;
  // For several minutes in hours that do not follow each other, cronstrue says "every minute, at 02:00".
  const areApart = !isRun(heldHours) && (heldHours.length > 1 || minutes.includes(','));
  if (!areApart || heldMinutes.length === 1) return inWords(`${minutes} ${hours} * * *`, language, '');
  if (heldHours.length * heldMinutes.length <= 6) {
    return `${at} ${list(
      heldHours.flatMap((h) => heldMinutes.map((m) => clock(h, m))),
      language,
    )}`;
  }
  const all = heldHours.map((h) => clock(h, 0));
  return `${inWords(`${minutes} * * * *`, language, '')}, ${inTheHours} ${list(all, language)}`;
}

const clock = (hour: number, minute: number): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

const list = (parts: string[], language: LanguageName): string =>
  new Intl.ListFormat(words[language].locale).format(parts);

/**
 * A field as cronstrue tells it rightly; undefined where it would not.
 *
 * @param first the number that the first of `holds` stands for
 */
function plainField(text = '*', holds: number[], first: number): string | undefined {
  if (/[L#W+]/i.test(text.replace(/[a-z]{3}/gi, ''))) return text.includes(',') ? undefined : text;
  if (holds.every(Boolean)) return '*';
  const values = valuesOf(holds, first);
  const step = Number(/^\*\/(\d+)$/.exec(text)?.[1] ?? 0);
  if (step > 0 && first === 0 && holds.length % step === 0 && holds.length > 7) return text;
  return isRun(values) ? `${values[0]}-${values.at(-1)}` : values.join(',');
}

const valuesOf = (holds: number[], first: number): number[] =>
  holds.flatMap((isHeld, index) => (isHeld ? [index + first] : []));

/** At least three numbers in a row. */
const isRun = (values: number[]): boolean =>
  values.length > 2 && values.every((value, index) => value === (values[0] ?? 0) + index);

/** @param everyMinute what cronstrue puts before the words of a day */
function inWords(
  expression: string,
  language: LanguageName,
  everyMinute = words[language].everyMinute,
): string | undefined {
  try {
    return cronstrue
      .toString(expression, { locale: language, use24HourTimeFormat: true, verbose: false })
      .slice(everyMinute.length);
  } catch {
    return undefined; // croner takes more than cronstrue has words for
  }
}

function nextTimes(schedule: Schedule, language: LanguageName): string {
  const { locale, nextAt } = words[language];
  const say = new Intl.DateTimeFormat(locale, {
    timeZone: schedule.timezone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const [first, second, third] = nextFires(schedule, timeNow(), 3).map((time) => say.format(time));
  return `${nextAt} ${[first, second, third].filter((time) => time !== undefined).join('; ')}`;
}
