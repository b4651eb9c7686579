/** A schedule in words: the server's, which are English; of those that most people want also in other languages. */
import { clockParts } from '../ui/format.ts';
import { language, locale } from '../words/language.ts';
import { t } from '../words/t.ts';
import { rhythmOf } from './cron.ts';

const dayFormat = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
const timeFormat = new Intl.DateTimeFormat(locale, { ...clockParts, timeZone: 'UTC' });
const listFormat = new Intl.ListFormat(locale);

/** A Sunday. */
const weekBegin = Date.UTC(2026, 0, 4);
const dayMs = 86_400_000;
const dayName = (day: number): string => dayFormat.format(weekBegin + day * dayMs);

/** @param time as `07:00` */
const timeWords = (time: string): string => timeFormat.format(Date.parse(`1970-01-01T${time}Z`));

/** What the server says of a schedule, which writes times as `07:00`. */
export const inOwnClock = (words: string): string => words.replace(/\b\d\d:\d\d\b/g, timeWords);

/** @param english what the server says of it */
export function scheduleWords(cron: string, english: string): string {
  if (language === 'en') return inOwnClock(english);
  const rhythm = rhythmOf(cron);
  switch (rhythm.kind) {
    case 'hour':
      return t('Each hour, {minute, plural, one {# minute} other {# minutes}} past', rhythm);
    case 'day':
      return t('Each day at {time}', { time: timeWords(rhythm.time) });
    case 'weekdays':
      return t('Monday to Friday at {time}', { time: timeWords(rhythm.time) });
    case 'week':
      return t('Each {days} at {time}', {
        days: listFormat.format(rhythm.days.map(dayName)),
        time: timeWords(rhythm.time),
      });
    case 'month':
      return t('On day {day} of each month at {time}', { day: rhythm.day, time: timeWords(rhythm.time) });
    case 'own':
      return inOwnClock(english);
  }
}
