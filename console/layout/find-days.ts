/** Days by their names, for whoever types "tuesday" or "bill summary yesterday": those on which something ran. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { executionsQuery } from '../api/queries.ts';
import { beginOf, dateOf } from '../ui/dates.ts';
import { dayName } from '../ui/format.ts';
import { Activity } from '../ui/icons.tsx';
import { t } from '../words/t.ts';
import { daysFound, daysNamed, longWordsOf } from './days-named.ts';
import type { Entry } from './find-settings.ts';
import { ranOn } from './ran-on.ts';

/** So many runs are looked at; days that lie behind them are taken to have some. */
const mostRuns = 200;

/** What was found out on a day that was typed, and what a skill that was typed beside it did then. */
export function useDays(typed: string, skills: readonly { slug: string; name: string }[]): Entry[] {
  const navigate = useNavigate();
  const words = longWordsOf(typed);
  const days = daysNamed(typed, Date.now());
  const first = beginOf(dateOf(Date.now(), 1 - daysFound));
  const runs = useInfiniteQuery({ ...executionsQuery({ from: first }, mostRuns), enabled: days.length > 0 });
  const page = runs.data?.pages[0];
  if (page === undefined) return [];
  const ran = ranOn(page.items, page.nextCursor !== null);
  // Whatever was typed is meant.
  const shared = { words: typed, icon: Activity };
  // Whose name has most of the words: "bill summary" is not every skill about bills.
  const hits = skills.map(({ name }) => words.filter((word) => name.toLowerCase().includes(word)).length);
  const most = Math.max(1, ...hits);
  return days
    .filter((date) => ran(date))
    .flatMap((date): Entry[] => {
      const day = dayName(Date.parse(beginOf(date)), Date.now());
      return [
        ...skills
          .filter(({ slug }, index) => hits[index] === most && ran(date, slug))
          .map(({ slug, name }) => ({
            ...shared,
            key: `day ${date} ${slug}`,
            label: t('{name}: {day}', { name, day }),
            act: () =>
              navigate({
                to: '/executions',
                search: { skill: slug, from: beginOf(date), to: beginOf(date, 1) },
              }),
          })),
        {
          ...shared,
          key: `day ${date}`,
          label: t('What Alfred found out: {day}', { day }),
          act: () => navigate({ to: '/days/$date', params: { date } }),
        },
      ];
    });
}
