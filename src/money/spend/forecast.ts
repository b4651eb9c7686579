import type { Forecast, Spend } from '../../contract/budget.ts';

const day = 86_400_000;
/** So many days say how it goes on. */
export const lookedBackDays = 7;

/**
 * What the month comes to if it goes on as of late.
 *
 * @param recent what was spent in the last `lookedBackDays`, and when the first of it was; null where nothing was
 */
export function forecastOf(month: Spend, recent: { usd: number; since: Date | null }, now: Date): Forecast {
  const begin = now.getTime() - lookedBackDays * day;
  // Of what began yesterday, no week has been seen; and of less than a day, not what a day is.
  const days = Math.max(1, (now.getTime() - Math.max(begin, recent.since?.getTime() ?? begin)) / day);
  const perDayUsd = recent.usd / days;
  const until = Date.parse(month.until);
  const monthUsd = month.spentUsd + (perDayUsd * Math.max(0, until - now.getTime())) / day;
  return { perDayUsd, monthUsd, capReachedAt: capReachedAt(month, perDayUsd, now)?.toISOString() ?? null };
}

function capReachedAt({ capUsd, spentUsd, until }: Spend, perDayUsd: number, now: Date): Date | undefined {
  if (capUsd === null) return undefined;
  const left = capUsd - spentUsd;
  if (left <= 0) return now;
  if (perDayUsd <= 0) return undefined;
  const at = now.getTime() + (left / perDayUsd) * day;
  return at < Date.parse(until) ? new Date(at) : undefined;
}
