/** Durations, money, tokens, counts and times, as a person reads them. */

/** Milliseconds as `12 ms`, `3.4 s`, `48 s`, `2 min 5 s`, `1 h 4 min`, `3 d 2 h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (whole: number, unit: string, rest: number, restUnit: string) =>
    rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
  if (seconds < 3600) return two(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** Milliseconds that are still running: whole seconds, so that the figure does not flicker. */
export const formatElapsed = (ms: number): string =>
  ms < 60_000 ? `${Math.floor(ms / 1000)} s` : formatDuration(Math.floor(ms / 1000) * 1000);

/** US dollars with the digits that matter: `$0`, `$0.0031`, `$0.12`, `$12.40`; null is a model without a known price. */
export function formatMoney(usd: number | null): string {
  if (usd === null) return 'unpriced';
  if (usd === 0) return '$0';
  if (usd < 0.000001) return '<$0.000001';
  // Two digits that matter, and never fewer than cents: $0.0031, $0.011, $0.50.
  if (usd < 0.995)
    return `$${Number(usd.toPrecision(2))
      .toFixed(6)
      .replace(/(\.\d\d\d*?)0+$/, '$1')}`;
  return usd.toLocaleString('en-US', { style: 'currency', currency: 'USD' });
}

/** `1,204` */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** `1 tool`, `14 tools` */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** `640 B`, `12 KB`, `3.4 MB`, `120 GB` (powers of 1000) */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

const day = (date: Date, timeZone: string | undefined) =>
  date.toLocaleDateString('en-CA', timeZone === undefined ? {} : { timeZone });

/**
 * A time in the reader's zone, as short as it can be: `14:02` today, `yesterday 14:02`, `3 Nov 14:02`, `3 Nov 2025`.
 *
 * @param timeZone an IANA name; the machine's own when left out
 */
export function formatTime(iso: string, now: Date, timeZone?: string): string {
  const date = new Date(iso);
  const zone = timeZone === undefined ? {} : { timeZone };
  const clock = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...zone });
  const today = day(now, timeZone);
  if (day(date, timeZone) === today) return clock;
  // By the calendar: not every day has 24 hours.
  if (day(date, timeZone) === day(new Date(Date.parse(today) - 86_400_000), 'UTC'))
    return `yesterday ${clock}`;
  const year = (of: Date) => of.toLocaleDateString('en-GB', { year: 'numeric', ...zone });
  if (year(date) !== year(now)) {
    return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', ...zone });
  }
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...zone })} ${clock}`;
}

/** A time in the reader's zone, whole: `22 Nov 2026, 23:47:12 CET`. */
export function formatFullTime(iso: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return new Date(iso).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    ...zone,
  });
}
