/** What a month that is over came to. */
import type { Stats } from '../../src/contract/stats.ts';
import { count, money } from '../ui/format.ts';
import { Panel, Skeleton } from '../ui/panel.tsx';
import { t } from '../words/t.ts';
import { dayName } from './day-bars.tsx';
import { Figures } from './figures.tsx';
import { spentIn } from './spent-in.ts';

export const PastMonth = ({ title, stats }: { title: string; stats: Stats | undefined }) => (
  <Panel title={title}>
    {stats === undefined ? <Skeleton className="h-32" /> : <Figures figures={figuresOf(stats)} />}
  </Panel>
);

function figuresOf(stats: Stats): [name: string, figure: string][] {
  const { totals, days } = stats;
  const spent = spentIn(stats);
  const [dearest, next] = days.toSorted((a, b) => b.costUsd - a.costUsd);
  return [
    [t('Spent'), money(spent)],
    [t('Daily average'), money(spent / Math.max(1, days.length))],
    ...(dearest === undefined || dearest.costUsd === (next?.costUsd ?? 0)
      ? []
      : ([[t('Dearest day'), `${dayName(dearest)}, ${money(dearest.costUsd)}`]] as [string, string][])),
    [t('Runs'), count(totals.executions)],
    [t('Failed'), count(totals.failed)],
  ];
}
