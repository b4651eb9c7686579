/** Months as bills go by them: in UTC, named `2026-11`, kept as their first days. */
import { timeNow } from '../../src/kernel/clock.ts';

/** The first day of a month, `2026-11-01`; of this one when left out. */
export const firstDay = (month: string = timeNow().toISOString().slice(0, 7)): string => `${month}-01`;

/** The first day of the month after it. */
export function nextMonth(first: string): string {
  const day = new Date(`${first}T00:00:00Z`);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1)).toISOString().slice(0, 10);
}
