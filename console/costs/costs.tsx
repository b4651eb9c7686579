/** What Alfred costs: by day, skill, model and connection, each of which leads to the runs behind it; and where the month goes. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Spend } from '../../src/contract/budget.ts';
import type { Stats } from '../../src/contract/stats.ts';
import { budgetQuery, skillsQuery, statsQuery } from '../api/queries.ts';
import { namesOf } from '../executions/execution-row.tsx';
import { count, money } from '../ui/format.ts';
import { PageHead, Panel, Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { Shares } from './cost-shares.tsx';
import { DayBars } from './day-bars.tsx';
import { daysOfMonth } from './days-of-month.ts';
import { MonthPanel } from './month.tsx';
import { Span } from './span.tsx';

const route = getRouteApi('/costs');
const spans = ['month', 7, 30, 90, 365] as const;

export function CostsPage() {
  const { days: span = 30 } = route.useSearch();
  const navigate = useNavigate({ from: '/costs' });
  const budget = useQuery(budgetQuery).data;
  // Undefined until it is known which day of the month it is where the owner lives.
  const days = span !== 'month' ? span : budget && daysOfMonth(budget);
  const stats = useQuery({
    ...statsQuery(days ?? 1),
    enabled: days !== undefined,
    placeholderData: keepPreviousData,
  });
  const names = namesOf(useQuery(skillsQuery).data);
  const data = stats.data;
  const from = data?.days[0]?.begin;
  return (
    <>
      <PageHead
        title={t('Costs')}
        help="operations#money"
        lead={
          data === undefined || (span === 'month' && budget === undefined)
            ? ' '
            : leadOf(data, span === 'month' ? budget?.month : undefined)
        }
        actions={
          <Span
            spans={spans}
            value={span}
            onValue={(chosen) => void navigate({ search: { days: chosen }, replace: true })}
          />
        }
      />
      {stats.error ? <ProblemNote error={stats.error} /> : null}
      {span === 'month' && data && budget ? (
        <BesidesRuns spentUsd={budget.month.spentUsd} listedUsd={data.totals.costUsd} />
      ) : null}
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Panel title={t('By day')}>
          {data === undefined ? <Skeleton className="h-52" /> : <DayBars days={data.days} />}
        </Panel>
        <MonthPanel />
      </div>
      {data === undefined || from === undefined ? null : (
        <div className="mt-5 grid gap-5 lg:grid-cols-2">
          <Shares
            title={t('By skill')}
            what={t('Skill')}
            rows={data.skills.map(({ skill, ...sums }) => ({
              ...sums,
              key: skill,
              name: names.get(skill) ?? (skill === 'chat' ? t('Conversations') : skill),
              search: { skill, from },
            }))}
          />
          <Shares
            title={t('By model')}
            what={t('Model')}
            rows={data.models.map(({ model, ...sums }) => ({
              ...sums,
              key: model ?? '',
              name:
                model === 'rehearsal' ? t('Rehearsal, which is free') : (model ?? t('None: it never began')),
              ...(model === null ? {} : { search: { model, from } }),
            }))}
          />
          <Shares
            title={t('By connection')}
            what={t('Connection')}
            note={t('What runs that used it cost. A run that used two counts for both.')}
            rows={data.connections.map(({ connection, ...sums }) => ({
              ...sums,
              key: connection,
              name: connection,
              search: { connection, from },
            }))}
          />
        </div>
      )}
    </>
  );
}

/** @param month what its cap counts, where the calendar month is shown: that is the sum then */
function leadOf({ totals, days }: Stats, month: Spend | undefined): string {
  const what = { executions: totals.executions, tokens: count(totals.tokens) };
  if (month === undefined)
    return t(
      '{costUsd} in {days, plural, one {# day} other {# days}}, for {executions, plural, one {# run} other {# runs}} and {tokens} tokens.',
      { ...what, costUsd: money(totals.costUsd), days: days.length },
    );
  const spent = money(month.spentUsd);
  return month.capUsd === null
    ? t(
        '{spent} since the first of the month, for {executions, plural, one {# run} other {# runs}} and {tokens} tokens. No cap is set.',
        { ...what, spent },
      )
    : t(
        '{spent} since the first of the month, of the {cap} that a month may cost, for {executions, plural, one {# run} other {# runs}} and {tokens} tokens.',
        { ...what, spent, cap: money(month.capUsd) },
      );
}

/** Why the parts of the month do not come to what its cap counts, where they do not. */
const BesidesRuns = ({ spentUsd, listedUsd }: { spentUsd: number; listedUsd: number }) =>
  Math.abs(spentUsd - listedUsd) < 0.0005 ? null : (
    <p className="mb-5 text-[13px] text-ink-2">
      {t(
        'A cap counts {spent}, the runs below come to {listed}. Tries of the model, and calls that a crash cut off, count for a cap alone; a run that began before the first counts there with what it spent since.',
        { spent: money(spentUsd), listed: money(listedUsd) },
      )}
    </p>
  );
