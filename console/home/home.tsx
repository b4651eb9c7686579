/** The morning paper: what waits for you, what Alfred found out, how the day goes, what it costs, what comes. */
import { type QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ExecutionSummary, ListedExecution } from '../../src/contract/executions.ts';
import { type Coming, comingIn, troubledIn } from '../../src/contract/home.ts';
import { connectionsQuery, proposalsQuery, skillsQuery } from '../api/queries.ts';
import { Approvals } from '../executions/approvals.tsx';
import { DayRows } from '../executions/day-rows.tsx';
import { namesOf } from '../executions/execution-row.tsx';
import { dayTime, exactTime, money } from '../ui/format.ts';
import { onDemand } from '../ui/on-demand.tsx';
import { Panel, Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { rich, t } from '../words/t.ts';
import { Prose } from './articles.tsx';
import { BackupsPanel } from './backups-panel.tsx';
import { DayLine } from './day-line.tsx';
import { firstRunIn, isOpen, useFirstRun } from './first-run-state.ts';
import { HomeHead } from './home-head.tsx';
import { latestRuns, readHome, runsOfToday } from './home-queries.ts';
import { SpendPanel } from './home-spend.tsx';
import { Trend } from './home-trend.tsx';
import { Morning } from './morning.tsx';
import { ZoneNote } from './zone-note.tsx';

// Seldom there: its code comes when something waits.
const WaitingProposals = onDemand(
  async () => (await import('../proposals/waiting-proposals.tsx')).WaitingProposals,
  () => <Skeleton className="h-24" />,
);
const PausedNote = onDemand(async () => (await import('./paused-note.tsx')).PausedNote);
const Troubled = onDemand(async () => (await import('./troubled.tsx')).Troubled);
const FirstRunGuide = onDemand(
  async () => (await import('./first-run.tsx')).FirstRunGuide,
  () => <Skeleton className="h-80" />,
);

/** Brings all that Home shows, and the code that shows it, so that it stands at once and nothing moves. */
export async function bringHome(queries: QueryClient): Promise<void> {
  await readHome(queries);
  const rows = queries.getQueryData(latestRuns.queryKey)?.pages[0]?.items ?? [];
  const proposals = queries.getQueryData(proposalsQuery('open').queryKey)?.pages[0]?.items ?? [];
  await Promise.all([
    rows.some((row) => row.excerpt !== null) ? Prose.load(queries) : undefined,
    proposals.length > 0 ? WaitingProposals.load(queries) : undefined,
    troubledIn(queries.getQueryData(connectionsQuery.queryKey) ?? []).length > 0
      ? Troubled.load(queries)
      : undefined,
    isOpen(firstRunIn(queries)) ? FirstRunGuide.load(queries) : undefined,
  ]);
}

export function HomePage() {
  const recent = useInfiniteQuery(latestRuns);
  const today = useInfiniteQuery(runsOfToday());
  const skills = useQuery(skillsQuery);
  const connections = useQuery(connectionsQuery);
  const rows = recent.data?.pages[0]?.items;
  const ranToday = today.data?.pages.flatMap(({ items }) => items) ?? [];
  const names = namesOf(skills.data);
  const coming = comingIn(skills.data ?? []);
  const troubled = troubledIn(connections.data ?? []);
  return (
    <>
      <HomeHead hour={new Date().getHours()} lead={today.data ? todayInWords(ranToday) : ' '} />
      {recent.error ? <ProblemNote error={recent.error} /> : null}
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-5">
          <Approvals />
          <Taught />
          {troubled.length > 0 ? <Troubled connections={troubled} /> : null}
          <ZoneNote />
          <FirstSteps />
          <Morning rows={rows} names={names} />
          <DayLine rows={ranToday.filter(({ mode }) => mode !== 'replay')} coming={coming} names={names} />
          <Latest rows={rows} />
        </div>
        <div className="min-w-0 space-y-5">
          <SpendPanel />
          <Trend />
          <Next coming={coming} />
          <BackupsPanel />
        </div>
      </div>
    </>
  );
}

/** Proposals that wait for a word; nothing where none does. */
function Taught() {
  const open = useInfiniteQuery(proposalsQuery('open'));
  if (!open.data?.pages[0]?.items.length) return null;
  return <WaitingProposals />;
}

function Latest({ rows }: { rows: ListedExecution[] | undefined }) {
  // A replay is a try, and no run of the household's.
  const latest = rows?.filter(({ mode }) => mode !== 'replay').slice(0, 6) ?? [];
  if (latest.length === 0) return null;
  return (
    <Panel
      title={t('Latest runs')}
      flush
      aside={
        <Link to="/executions" className="text-[13px] font-medium text-accent hover:underline">
          {t('All runs')}
        </Link>
      }
    >
      <DayRows rows={latest} />
    </Panel>
  );
}

/** Replays are no runs, and cost what they cost. */
function todayInWords(all: ExecutionSummary[]): string {
  const rows = all.filter(({ mode }) => mode !== 'replay');
  const by = (status: ExecutionSummary['status']) => rows.filter((row) => row.status === status).length;
  if (rows.length === 0) return t('Nothing ran today.');
  const failed = by('failed');
  const open = by('running') + by('queued');
  const spent = all.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
  return [
    t('{rows, plural, one {# run} other {# runs}} today', { rows: rows.length }),
    failed === 0 ? t('none failed') : t('{failed} failed', { failed }),
    ...(open > 0 ? [t('{open} under way', { open })] : []),
    ...(spent > 0 ? [t('{spent} spent', { spent: money(spent) })] : []),
  ]
    .join(', ')
    .concat('.');
}

/** Shown until each was done once, or left out. */
function FirstSteps() {
  const state = useFirstRun();
  if (!isOpen(state)) return null;
  return <FirstRunGuide state={state} />;
}

function Next({ coming }: { coming: Coming[] }) {
  return (
    <Panel title={t('Coming up')} flush>
      {coming.length === 0 ? (
        <p className="px-4 py-4 text-ink-2">
          {rich('Nothing is scheduled. <link>Give a skill a schedule</link>, and it runs by itself.', {
            link: (words) => (
              <Link to="/skills" className="font-medium text-accent hover:underline">
                {words}
              </Link>
            ),
          })}
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {coming.slice(0, 5).map(({ slug, name, at, isPaused }) => (
            <li key={slug}>
              <Link
                to="/skills/$slug"
                params={{ slug }}
                className="flex flex-wrap items-baseline gap-x-3 px-4 py-2.5 hover:bg-hover"
              >
                <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
                <time
                  dateTime={at}
                  title={exactTime(at)}
                  className="text-[13px] whitespace-nowrap text-ink-2 tabular-nums"
                >
                  {dayTime(at)}
                </time>
                {isPaused ? <PausedNote slug={slug} /> : null}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
