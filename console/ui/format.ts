/** Figures as people read them: in the chosen language, clock, currency and units, in the reader's zone. */
import { locale, preferences } from '../words/language.ts';
import { count, t } from '../words/t.ts';

export { count, shortCount } from '../words/t.ts';

const minute = 60_000;
const hour = 60 * minute;
const week = 168 * hour;

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
/** The clock that was chosen, and otherwise the language's own. */
const hourCycle = preferences.clock ? ({ '12': 'h12', '24': 'h23' } as const)[preferences.clock] : undefined;
const hasTwelve = new Intl.DateTimeFormat(locale, { hour: 'numeric', hourCycle }).resolvedOptions().hour12;
export const clockParts = { hour: hasTwelve ? 'numeric' : '2-digit', minute: '2-digit', hourCycle } as const;
const clockFormat = new Intl.DateTimeFormat(locale, clockParts);
const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const weekdayFormat = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' });
const yearFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const whole = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long', hourCycle });
const toTheSecond = new Intl.DateTimeFormat(locale, {
  ...clockParts,
  second: '2-digit',
});

const isSameDay = (a: number, b: number): boolean =>
  new Date(a).toDateString() === new Date(b).toDateString();

/** The day of a time: `Today`, `Yesterday`, `Fri 27 Nov`, and with its year where that is another. */
export function dayName(time: number, now: number): string {
  if (isSameDay(time, now)) return t('Today');
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (isSameDay(time, yesterday.getTime())) return t('Yesterday');
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? weekdayFormat : yearFormat).format(time);
}

/** `14:19`. */
export const clock = (iso: string): string => clockFormat.format(Date.parse(iso));

/** The short form of a time: within an hour `2 min ago` or `in 3 min`, today `14:19`, within a week `Fri 27 Nov`, then `27 Nov`, with the year where that is another. */
export function ago(iso: string, now: number): string {
  const time = Date.parse(iso);
  const distance = time - now;
  const size = Math.abs(distance);
  if (size < 10_000) return t('just now');
  if (size < minute) return relative.format(Math.round(distance / 1000), 'second');
  if (size < hour) return relative.format(Math.round(distance / minute), 'minute');
  if (isSameDay(time, now)) return clockFormat.format(time);
  if (size < week) return weekdayFormat.format(time);
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

const digitsOf = (digits: number) =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits });
const [inOnes, inTenths] = [digitsOf(0), digitsOf(1)];

/** Milliseconds as `840 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${inOnes.format(Math.round(ms))} ms`;
  if (ms < 10_000) return `${inTenths.format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 100 ? `${hours} h ${minutes % 60} min` : `${count(hours)} h`;
}

/** The owner's currency, where they said what a dollar is in it. */
const { currency, currencyRate } = preferences;
const isConverted = currency && currencyRate;

const amountOf = (digits: number) =>
  new Intl.NumberFormat(locale, {
    style: 'currency',
    currencyDisplay: 'narrowSymbol',
    currency: isConverted ? currency : 'USD',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
const [inWhole, inHundredths, inThousandths] = [amountOf(0), amountOf(2), amountOf(3)];

/** To digits that mean something; undefined for less than is worth writing. */
function worth(usd: number): string | undefined {
  const value = isConverted ? usd * currencyRate : usd;
  if (value === 0) return inWhole.format(0);
  if (value < 0.001) return undefined;
  return (value < 0.1 ? inThousandths : inHundredths).format(value);
}

/**
 * Dollars as `$12.40`, `$0.083`, `under $0.001`. In another currency it is by the rate that the owner entered, and says so: `about
 * €10.66`.
 */
export function money(usd: number): string {
  const value = worth(usd);
  if (value === undefined) return t('under {amount}', { amount: inThousandths.format(0.001) });
  return isConverted && usd !== 0 ? t('about {amount}', { amount: value }) : value;
}

/** The same for a narrow column: `<$0.001`, `≈€10.66`. */
export function shortMoney(usd: number): string {
  const value = worth(usd);
  if (value === undefined) return `<${inThousandths.format(0.001)}`;
  return isConverted && usd !== 0 ? `≈${value}` : value;
}

const [byteBase, byteNames] =
  preferences.byteUnits === 'binary' ? [1024, ['KiB', 'MiB']] : [1000, ['kB', 'MB']];

/** Bytes as `840 B`, `12 kB`, `3.4 MB`; or `12 KiB`, where the owner counts by 1024. */
export function size(bytes: number): string {
  if (bytes < byteBase) return `${bytes} B`;
  const [thousands = '', millions = ''] = byteNames;
  return bytes < byteBase ** 2
    ? `${inOnes.format(Math.round(bytes / byteBase))} ${thousands}`
    : `${inTenths.format(bytes / byteBase ** 2)} ${millions}`;
}
