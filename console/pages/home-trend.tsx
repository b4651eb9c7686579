/** Runs a day, over a week or a month: a bar for each day, the failed ones apart. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { statsQuery } from '../api/queries.ts';
import { cx } from '../ui/cx.ts';
import { count, duration, money } from '../ui/format.ts';
import { Panel, Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';

const spans = [7, 30] as const;
const dayName = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

export function Trend() {
  const [days, setDays] = useState<(typeof spans)[number]>(7);
  const stats = useQuery(statsQuery(days));
  const most = Math.max(1, ...(stats.data?.days.map(({ executions }) => executions) ?? []));
  const totals = stats.data?.totals;
  return (
    <Panel
      title="Lately"
      aside={
        <fieldset aria-label="Span of time" className="flex rounded-md border border-line p-0.5">
          {spans.map((span) => (
            <button
              key={span}
              type="button"
              aria-pressed={span === days}
              onClick={() => setDays(span)}
              className={cx(
                'rounded px-2 py-0.5 text-[13px]',
                span === days ? 'bg-hover font-medium' : 'text-ink-2',
              )}
            >
              {span} days
            </button>
          ))}
        </fieldset>
      }
    >
      {stats.error ? <ProblemNote error={stats.error} /> : null}
      {stats.isPending ? <Skeleton className="h-36" /> : null}
      {stats.data && totals ? (
        <>
          <dl className="mb-4 flex flex-wrap gap-x-8 gap-y-2">
            <Figure name="Runs" value={count(totals.executions)} />
            <Figure name="Failed" value={count(totals.failed)} />
            <Figure name="Spent" value={money(totals.costUsd)} />
            <Figure
              name="Usually took"
              value={totals.medianMs === null ? 'nothing yet' : duration(totals.medianMs)}
            />
          </dl>
          <ol className="flex h-24 items-end gap-[3px]">
            {stats.data.days.map(({ day, executions, failed, costUsd }) => {
              const words = `${dayName.format(Date.parse(day))}: ${executions} runs, ${failed} failed, ${money(costUsd)}`;
              return (
                <li key={day} title={words} className="flex h-full min-w-0 flex-1 flex-col justify-end">
                  <span className="sr-only">{words}</span>
                  <span
                    className="w-full rounded-t-[3px] bg-bad"
                    style={{ height: `${(failed / most) * 100}%` }}
                  />
                  <span
                    className={cx(
                      'w-full bg-accent',
                      failed === 0 && 'rounded-t-[3px]',
                      executions === 0 && 'bg-line',
                    )}
                    style={{ height: executions === 0 ? '2px' : `${((executions - failed) / most) * 100}%` }}
                  />
                </li>
              );
            })}
          </ol>
          <div aria-hidden="true" className="mt-1.5 flex justify-between text-xs text-ink-3">
            <span>{stats.data.days[0] ? dayName.format(Date.parse(stats.data.days[0].day)) : ''}</span>
            <span>today</span>
          </div>
        </>
      ) : null}
    </Panel>
  );
}

const Figure = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt className="text-[13px] text-ink-2">{name}</dt>
    <dd className="text-base font-semibold tabular-nums">{value}</dd>
  </div>
);
