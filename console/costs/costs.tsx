/** What Alfred costs: by day, skill, model and connection, each of which leads to the runs behind it; and where the month goes. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { skillsQuery, statsQuery } from '../api/queries.ts';
import { namesOf } from '../executions/execution-row.tsx';
import { count, money } from '../ui/format.ts';
import { PageHead, Panel, Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { Shares } from './cost-shares.tsx';
import { DayBars } from './day-bars.tsx';
import { MonthPanel } from './month.tsx';
import { Span } from './span.tsx';

const route = getRouteApi('/costs');
const spans = [7, 30, 90, 365] as const;

export function CostsPage() {
  const { days = 30 } = route.useSearch();
  const navigate = useNavigate({ from: '/costs' });
  const stats = useQuery({ ...statsQuery(days), placeholderData: keepPreviousData });
  const names = namesOf(useQuery(skillsQuery).data);
  const data = stats.data;
  const from = data?.days[0]?.begin;
  return (
    <>
      <PageHead
        title={t('Costs')}
        help="operations#money"
        lead={
          data === undefined
            ? ' '
            : t(
                '{costUsd} in {days, plural, one {# day} other {# days}}, for {executions, plural, one {# run} other {# runs}} and {tokens} tokens.',
                {
                  costUsd: money(data.totals.costUsd),
                  days: data.days.length,
                  executions: data.totals.executions,
                  tokens: count(data.totals.tokens),
                },
              )
        }
        actions={
          <Span
            spans={spans}
            value={days}
            onValue={(span) => void navigate({ search: { days: span }, replace: true })}
          />
        }
      />
      {stats.error ? <ProblemNote error={stats.error} /> : null}
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
