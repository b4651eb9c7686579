/** Figures as people read them: in the reader's own language and zone. */
const minute = 60_000;
const hour = 60 * minute;

// Days are named as the reader's language has them; the clock has 24 hours everywhere, so that two times never look unlike.
const hourCycle = 'h23';
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle });
const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const weekdayFormat = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
});
const yearFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long', hourCycle });
const toTheSecond = new Intl.DateTimeFormat(undefined, {
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  hourCycle,
});

const isSameDay = (a: number, b: number): boolean =>
  new Date(a).toDateString() === new Date(b).toDateString();

/** The day of a time: `Today`, `Yesterday`, `Fri 27 Nov`, and with its year where that is another. */
export function dayName(time: number, now: number): string {
  if (isSameDay(time, now)) return 'Today';
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (isSameDay(time, yesterday.getTime())) return 'Yesterday';
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? weekdayFormat : yearFormat).format(time);
}

/** `14:19`. */
export const clock = (iso: string): string => clockFormat.format(Date.parse(iso));

/** The short form of a time: within an hour `2 min ago` or `in 3 min`, today `14:19`, then `27 Nov`, with the year where that is another. */
export function ago(iso: string, now: number): string {
  const time = Date.parse(iso);
  const distance = time - now;
  const size = Math.abs(distance);
  if (size < 10_000) return 'just now';
  if (size < minute) return relative.format(Math.round(distance / 1000), 'second');
  if (size < hour) return relative.format(Math.round(distance / minute), 'minute');
  if (isSameDay(time, now)) return clockFormat.format(time);
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? dayFormat : yearFormat).format(time);
}
export const exactTime = (iso: string): string => whole.format(Date.parse(iso));
export const exactClock = (time: number): string => toTheSecond.format(time);

/** For what is planned, where the day and the time both matter: `14:19` today, else `Fri 27 Nov, 14:19`. */
export function dayTime(iso: string, now = Date.now()): string {
  const time = Date.parse(iso);
  const at = clockFormat.format(time);
  return isSameDay(time, now) ? at : `${weekdayFormat.format(time)}, ${at}`;
}

/** Milliseconds as `840 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 100 ? `${hours} h ${minutes % 60} min` : `${count(hours)} h`;
}

/** Dollars to digits that mean something: `$12.40`, `$0.083`, `under $0.001`. */
export function money(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0.001) return 'under $0.001';
  if (usd < 0.1) return `$${usd.toFixed(3)}`;
  return `$${usd.toFixed(2)}`;
}

/** The same for a narrow column: `<$0.001`. */
export const shortMoney = (usd: number): string => (usd > 0 && usd < 0.001 ? '<$0.001' : money(usd));

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
export const count = (value: number): string =>
  value < 10_000 ? value.toLocaleString() : compact.format(value);

/** For a narrow column: `840`, `5.1K`. */
export const shortCount = (value: number): string => compact.format(value);

/** Bytes as `840 B`, `12 kB`, `3.4 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;
