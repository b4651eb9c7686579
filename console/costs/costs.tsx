/** What Alfred costs in a month or lately: by day, skill, model and connection, each of which leads to the runs behind it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Budget } from '../../src/contract/budget.ts';
import type { Stats } from '../../src/contract/stats.ts';
import { budgetQuery, skillsQuery, statsQuery } from '../api/queries.ts';
import { namesOf } from '../executions/execution-row.tsx';
import { count, money } from '../ui/format.ts';
import { PageHead, Panel, Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { Shares } from './cost-shares.tsx';
import { DayBars } from './day-bars.tsx';
import { MonthPanel } from './month.tsx';
import { MonthChoice } from './month-choice.tsx';
import { monthName, monthOf, readDays, readMonth } from './months.ts';
import { PastMonth } from './past-month.tsx';
import { Span } from './span.tsx';
import { besidesOf, spentIn } from './spent-in.ts';

const route = getRouteApi('/costs');
const spans = [7, 30, 90, 365] as const;

export function CostsPage() {
  const search = route.useSearch();
  const days = readDays(search.days);
  const named = readMonth(search.month);
  const navigate = useNavigate({ from: '/costs' });
  const budget = useQuery(budgetQuery).data;
  // Which month it is where the owner lives.
  const present = budget && monthOf(budget);
  const month = days === undefined ? (named ?? present) : undefined;
  const stats = useQuery({
    ...statsQuery(days ?? month ?? ''),
    enabled: (days ?? month) !== undefined,
    placeholderData: keepPreviousData,
  });
  const data = stats.data;
  const isPast = month !== undefined && present !== undefined && month < present;
  const choose = (search: { days?: number; month?: string }) => void navigate({ search, replace: true });
  return (
    <>
      <PageHead
        title={t('Costs')}
        help="operations#money"
        lead={data === undefined || stats.isPlaceholderData ? ' ' : leadOf(data, month, isPast, budget)}
      />
      {/* Of their own line, where they stay however long the sentence above is. */}
      <div className="mb-5 flex flex-wrap items-center gap-2">
        <MonthChoice
          month={month}
          present={present}
          onMonth={(chosen) => choose(chosen === present ? {} : { month: chosen })}
        />
        <Span spans={spans} value={days} onValue={(chosen) => choose({ days: chosen })} />
      </div>
      {stats.error ? <ProblemNote error={stats.error} /> : null}
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Panel title={t('By day')}>
          {data === undefined ? (
            <Skeleton className="h-52" />
          ) : (
            <DayBars days={data.days} until={isPast ? data.until : undefined} />
          )}
        </Panel>
        {isPast ? (
          <PastMonth title={monthName(month)} stats={stats.isPlaceholderData ? undefined : data} />
        ) : (
          <MonthPanel />
        )}
      </div>
      {data === undefined ? null : <AllShares stats={data} isPast={isPast} />}
    </>
  );
}

function AllShares({ stats, isPast }: { stats: Stats; isPast: boolean }) {
  const names = namesOf(useQuery(skillsQuery).data);
  const from = stats.days[0]?.begin ?? stats.until;
  const span = isPast ? { from, to: stats.until } : { from };
  return (
    <div className="mt-5 grid gap-5 lg:grid-cols-2">
      <Shares
        title={t('By skill')}
        what={t('Skill')}
        besidesUsd={besidesOf(stats)}
        rows={stats.skills.map(({ skill, ...sums }) => ({
          ...sums,
          key: skill,
          name: names.get(skill) ?? (skill === 'chat' ? t('Conversations') : skill),
          search: { skill, ...span },
        }))}
      />
      <Shares
        title={t('By model')}
        what={t('Model')}
        rows={stats.models.map(({ model, ...sums }) => ({
          ...sums,
          key: model ?? '',
          name: model === 'rehearsal' ? t('Rehearsal, which is free') : (model ?? t('None: it never began')),
          ...(model === null ? {} : { search: { model, ...span } }),
        }))}
      />
      <Shares
        title={t('By connection')}
        what={t('Connection')}
        nothing={t('No connection was used in this time.')}
        note={t('What runs that used it cost. A run that used two counts for both.')}
        rows={stats.connections.map(({ connection, ...sums }) => ({
          ...sums,
          key: connection,
          name: connection,
          search: { connection, ...span },
        }))}
      />
    </div>
  );
}

/** @param month undefined where days are counted from today back @param budget for the cap of the month that goes on */
function leadOf(
  stats: Stats,
  month: string | undefined,
  isPast: boolean,
  budget: Budget | undefined,
): string {
  const { totals, days } = stats;
  const what = {
    executions: totals.executions,
    tokens: count(totals.tokens),
    spent: money(spentIn(stats)),
  };
  if (month === undefined)
    return t(
      '{spent} in {days, plural, one {# day} other {# days}}, for {executions, plural, one {# run} other {# runs}} and {tokens} tokens.',
      { ...what, days: days.length },
    );
  const named = { ...what, month: monthName(month) };
  if (isPast)
    return t(
      '{spent} in {month}, for {executions, plural, one {# run} other {# runs}} and {tokens} tokens.',
      named,
    );
  const cap = budget?.month.capUsd ?? null;
  return cap === null
    ? t(
        '{spent} in {month} so far, for {executions, plural, one {# run} other {# runs}} and {tokens} tokens.',
        named,
      )
    : t(
        '{spent} in {month} so far, of the {cap} that a month may cost, for {executions, plural, one {# run} other {# runs}} and {tokens} tokens.',
        { ...named, cap: money(cap) },
      );
}
