/** Runs, cost and duration by day, over a week or a month: a bar for each day, the failed runs apart. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Stats } from '../../src/contract/stats.ts';
import { statsQuery } from '../api/queries.ts';
import { Span } from '../costs/span.tsx';
import { cx } from '../ui/cx.ts';
import { count, duration, money } from '../ui/format.ts';
import { Panel, Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { locale } from '../words/language.ts';
import { t } from '../words/t.ts';

const spans = [7, 30] as const;
const dayName = new Intl.DateTimeFormat(locale, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

type Day = Stats['days'][number];
type Measure = { name: string; total(totals: Stats['totals']): string; of(day: Day): number };

const tookWords = (ms: number | null): string => (ms === null ? t('nothing yet') : duration(ms));
const measures = {
  cost: { name: t('Spent'), total: ({ costUsd }) => money(costUsd), of: ({ costUsd }) => costUsd },
  runs: { name: t('Runs'), total: ({ executions }) => count(executions), of: ({ executions }) => executions },
  took: {
    name: t('Typical'),
    total: ({ medianMs }) => tookWords(medianMs),
    of: ({ medianMs }) => medianMs ?? 0,
  },
} as const satisfies Record<string, Measure>;

export function Trend() {
  const [days, setDays] = useState<(typeof spans)[number]>(7);
  const [shown, setShown] = useState<keyof typeof measures>('cost');
  const stats = useQuery(statsQuery(days));
  return (
    <Panel
      title={t('Lately')}
      aside={
        <span className="flex items-center gap-3">
          <Span<(typeof spans)[number]> spans={spans} value={days} onValue={setDays} />
          <Link to="/costs" search={{ days }} className="text-[13px] font-medium text-accent hover:underline">
            {t('Costs')}
          </Link>
        </span>
      }
    >
      {stats.error ? <ProblemNote error={stats.error} /> : null}
      {stats.isPending ? <Skeleton className="h-28" /> : null}
      {stats.data ? (
        <>
          <fieldset
            aria-label={t('What the bars show')}
            className="-mx-2 mb-3 flex flex-wrap gap-x-2 gap-y-1"
          >
            {Object.entries(measures).map(([key, { name, total }]) => (
              <button
                key={key}
                type="button"
                aria-pressed={key === shown}
                onClick={() => setShown(key as keyof typeof measures)}
                className="group rounded-md px-2 py-1 text-left hover:bg-hover"
              >
                <span className="block text-[13px] text-ink-2">{name}</span>
                <span className="block text-base font-semibold tabular-nums group-aria-pressed:shadow-[inset_0_-2px] group-aria-pressed:shadow-accent">
                  {total(stats.data.totals)}
                </span>
              </button>
            ))}
            <Link
              to="/executions"
              search={{ status: 'failed', from: stats.data.days[0]?.begin ?? stats.data.until }}
              className="rounded-md px-2 py-1 hover:bg-hover"
            >
              <span className="block text-[13px] text-ink-2">{t('Failed')}</span>
              <span
                className={cx(
                  'block text-base font-semibold tabular-nums',
                  stats.data.totals.failed > 0 && 'text-bad underline decoration-bad/40 underline-offset-4',
                )}
              >
                {count(stats.data.totals.failed)}
              </span>
            </Link>
          </fieldset>
          <Bars days={stats.data.days} measure={measures[shown]} />
        </>
      ) : null}
    </Panel>
  );
}

function Bars({ days, measure }: { days: Day[]; measure: Measure }) {
  const most = Math.max(...days.map(measure.of));
  return (
    <>
      <ol className="flex h-16 items-end gap-[3px]">
        {days.map((day) => {
          const value = measure.of(day);
          const failed = measure === measures.runs ? day.failed : 0;
          const height = (part: number) => ({ height: `${(part / most) * 100}%` });
          return (
            <li
              key={day.day}
              title={wordsOf(day)}
              className="flex h-full min-w-0 flex-1 flex-col justify-end rounded-t-[3px] hover:bg-hover"
            >
              <span className="sr-only">{wordsOf(day)}</span>
              {failed > 0 ? <span className="w-full rounded-t-[3px] bg-bad" style={height(failed)} /> : null}
              {value > failed ? (
                <span
                  className={cx('min-h-0.5 w-full bg-accent', failed === 0 && 'rounded-t-[3px]')}
                  style={height(value - failed)}
                />
              ) : null}
              {value === 0 ? <span className="h-0.5 w-full bg-line" /> : null}
            </li>
          );
        })}
      </ol>
      <div aria-hidden="true" className="mt-1.5 flex justify-between text-xs text-ink-3">
        <span>{days[0] ? dayName.format(Date.parse(days[0].day)) : ''}</span>
        <span>{t('today')}</span>
      </div>
    </>
  );
}

const wordsOf = ({ day, executions, failed, costUsd, medianMs }: Day): string =>
  [
    t('{day}: {runs, plural, one {# run} other {# runs}}', {
      day: dayName.format(Date.parse(day)),
      runs: executions,
    }),
    ...(executions === 0 ? [] : [t('{failed} failed', { failed }), money(costUsd)]),
    ...(medianMs === null ? [] : [t('usually {medianMs}', { medianMs: duration(medianMs) })]),
  ].join(', ');
