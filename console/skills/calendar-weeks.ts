/** The weeks that a calendar draws: from the one that today is in, as far as all of its days are known. */
import { locale } from '../words/language.ts';

/** So far the VM looks ahead. */
export const daysAhead = 31;
const weekDays = 7;

type WeekInfo = { firstDay: number };
type WithWeeks = Intl.Locale & { getWeekInfo?(): WeekInfo; weekInfo?: WeekInfo };

/** Monday 1 to Sunday 7, as the language's region has it; Monday where the browser does not say. */
export function firstDayOfWeek(name: string | undefined = locale): number {
  const at: WithWeeks = new Intl.Locale(name ?? 'en-GB');
  return (at.getWeekInfo?.() ?? at.weekInfo)?.firstDay ?? 1;
}

/** Noon of each day: no change of the clock makes another day of it. */
export function weeksFrom(now: number, firstDay: number): Date[][] {
  const today = new Date(now);
  const gone = (today.getDay() - firstDay + weekDays) % weekDays;
  const weeks = Math.floor((gone + daysAhead) / weekDays);
  const dayAt = (index: number) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - gone + index, 12);
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: weekDays }, (_, day) => dayAt(week * weekDays + day)),
  );
}
