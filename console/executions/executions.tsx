/** What was run: newest first, day by day, with filters that stand in the address. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { executionsQuery } from '../api/queries.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Empty, PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { DayList } from './day-list.tsx';
import { Filters } from './execution-filters.tsx';
import { FoundTotals } from './found-totals.tsx';

const route = getRouteApi('/executions');

export function ExecutionsPage() {
  const filters = route.useSearch();
  const list = useInfiniteQuery({
    ...executionsQuery(filters),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const isFiltered = Object.values(filters).some(Boolean);
  return (
    <>
      <PageHead
        title={t('Executions')}
        help="operations#finding-executions"
        lead={t('Everything that Alfred did, what came of it, and what it cost.')}
      />
      <Filters filters={filters} />
      {isFiltered ? <FoundTotals filters={filters} /> : null}
      <section aria-label={t('Executions')} className="rounded-xl border border-line bg-surface">
        {list.isPending ? <SkeletonRows rows={8} /> : null}
        {list.error ? (
          <div className="p-4">
            <ProblemNote error={list.error} />
          </div>
        ) : null}
        {list.data && rows.length === 0 ? isFiltered ? <NoneFits /> : <NoneYet /> : null}
        {rows.length > 0 ? (
          <DayList
            rows={rows}
            words={filters.q}
            hasMore={list.hasNextPage}
            onEnd={() => (list.isFetching ? undefined : void list.fetchNextPage())}
          />
        ) : null}
      </section>
    </>
  );
}

const NoneYet = () => (
  <Empty
    title={t('Nothing was run yet')}
    action={
      <Link to="/skills" className={buttonClass('primary')}>
        {t('Choose a skill to run')}
      </Link>
    }
  >
    {t(
      'Each run of a skill is kept here whole: what was asked, every tool that was called and what it answered.',
    )}
  </Empty>
);

function NoneFits() {
  const navigate = useNavigate();
  return (
    <Empty
      title={t('Nothing fits these filters')}
      action={
        <Button onClick={() => navigate({ to: '/executions', search: {} })}>{t('Show everything')}</Button>
      }
    >
      {t('No execution has all of what is chosen above.')}
    </Empty>
  );
}
