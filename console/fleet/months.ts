import { locale } from '../words/language.ts';

/** Months as Core names them: `2026-11`, in UTC, as bills go by them. */
export const thisMonth = (): string => new Date().toISOString().slice(0, 7);

const named = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
export const monthName = (month: string): string => named.format(Date.parse(`${month}-01T00:00:00Z`));

/** This month and those before it since the first, the newest first. */
export function monthsSince(first: string): string[] {
  const now = new Date();
  const months: string[] = [];
  for (let back = 0; back === 0 || (months.at(-1) ?? '') > first; back++) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back));
    months.push(month.toISOString().slice(0, 7));
  }
  return months;
}
