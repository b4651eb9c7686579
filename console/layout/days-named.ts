/** Which days are meant by what was typed: "tuesday", "yesterday", "last tuesday". */
import { beginOf, dateOf } from '../ui/dates.ts';
import { dayName } from '../ui/format.ts';
import { locale } from '../words/language.ts';
import { t } from '../words/t.ts';
import { wordsOf } from './find-words.ts';

const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
/** Today, and back to its weekday of the week before. */
export const daysFound = 8;
const fewestLetters = 3;

/** Words that are long enough to begin a name. */
export const longWordsOf = (typed: string): string[] =>
  wordsOf(typed).filter((word) => word.length >= fewestLetters);

/** @returns their dates, the latest first */
export function daysNamed(typed: string, now: number): string[] {
  const words = longWordsOf(typed);
  // "Last Tuesday" is not today.
  const from = isBack(typed) ? 1 : 0;
  return Array.from({ length: daysFound - from }, (_, back) => dateOf(now, -back - from)).filter((date) => {
    const at = Date.parse(beginOf(date));
    const names = [weekday.format(at), dayName(at, now)].map((name) => name.toLowerCase());
    return words.some((word) => names.some((name) => name.startsWith(word)));
  });
}

function isBack(typed: string): boolean {
  const back = t('last previous').split(' ');
  return typed
    .toLowerCase()
    .split(/\s+/)
    .some((word) => back.includes(word));
}
