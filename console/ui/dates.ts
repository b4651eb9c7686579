/** Days as they stand in addresses: `2026-11-27`, in the reader's zone. */

const two = (value: number): string => String(value).padStart(2, '0');

/** @param time of any kind that `Date` takes @param daysOn so many days later */
export function dateOf(time: number | string, daysOn = 0): string {
  const day = new Date(time);
  day.setDate(day.getDate() + daysOn);
  return Number.isNaN(day.getTime())
    ? ''
    : `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** When a day begins, so many days on, ISO 8601; empty for what is no day. */
export function beginOf(date: string, daysOn = 0): string {
  const day = new Date(/^\d{4}-\d\d-\d\d$/.test(date) ? `${date}T00:00` : Number.NaN);
  day.setDate(day.getDate() + daysOn);
  return Number.isNaN(day.getTime()) ? '' : day.toISOString();
}
