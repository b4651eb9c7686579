import { dateOf } from '../ui/dates.ts';

/**
 * Whether anything ran on a day, or a skill did.
 *
 * @param runs the newest first
 * @param isMore whether others are older than these: then what lies behind them may have some
 */
export function ranOn(
  runs: readonly { createdAt: string; skillSlug: string }[],
  isMore: boolean,
): (date: string, slug?: string) => boolean {
  const known = new Set(
    runs.flatMap(({ createdAt, skillSlug }) => {
      const date = dateOf(Date.parse(createdAt));
      return [date, `${date} ${skillSlug}`];
    }),
  );
  const last = runs.at(-1);
  const lastDate = last === undefined ? undefined : dateOf(Date.parse(last.createdAt));
  return (date, slug) =>
    (isMore && lastDate !== undefined && date <= lastDate) ||
    known.has(slug === undefined ? date : `${date} ${slug}`);
}
