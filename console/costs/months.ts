/** Months as they stand in addresses: `2026-11`. */
import type { Budget } from '../../src/contract/budget.ts';
import { locale } from '../words/language.ts';

const nameFormat = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** The month that goes on, in the owner's zone. By its parts: no locale writes dates in one form in all browsers. */
export function monthOf({ month, timezone }: Pick<Budget, 'month' | 'timezone'>): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, year: 'numeric', month: '2-digit' });
  const parts = format.formatToParts(Date.parse(month.from));
  return (['year', 'month'] as const)
    .map((wanted) => parts.find(({ type }) => type === wanted)?.value)
    .join('-');
}

/** What an address says, where that is a month. */
export const readMonth = (said: unknown): string | undefined =>
  typeof said === 'string' && /^20\d\d-(0[1-9]|1[0-2])$/.test(said) ? said : undefined;

/** What an address says, where that is a number of days that one can look at. */
export const readDays = (said: unknown): number | undefined =>
  Number.isInteger(said) && Number(said) >= 1 && Number(said) <= 366 ? Number(said) : undefined;

export const monthName = (month: string): string => nameFormat.format(Date.parse(`${month}-01`));

/** So many months on, or back. */
export function monthBeside(month: string, on: number): string {
  const first = new Date(`${month}-01`);
  first.setUTCMonth(first.getUTCMonth() + on);
  return first.toISOString().slice(0, 7);
}
