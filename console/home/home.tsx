/** Read at a glance: what waits for you, what ran, what comes next. */
import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { ExecutionSummary } from '../../src/contract/executions.ts';
import type { Skill } from '../../src/contract/skills.ts';
import { connectionsQuery, executionsQuery, skillsQuery } from '../api/queries.ts';
import { Approvals } from '../executions/approvals.tsx';
import { ExecutionRow } from '../executions/executions.tsx';
import { WaitingProposals } from '../proposals/waiting-proposals.tsx';
import { BackupsPanel } from '../settings/backups-stand.tsx';
import { buttonClass } from '../ui/button.tsx';
import { dayTime, money, plural } from '../ui/format.ts';
import { CalendarClock, Check, MessageCircle } from '../ui/icons.tsx';
import { Empty, PageHead, Panel, Skeleton, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { useFirstRun } from './first-run-state.ts';
import { SpendPanel } from './home-spend.tsx';
import { Trend } from './home-trend.tsx';

const FirstRunGuide = lazy(async () => ({ default: (await import('./first-run.tsx')).FirstRunGuide }));

const startOfToday = (): string => {
  const day = new Date();
  day.setHours(0, 0, 0, 0);
  return day.toISOString();
};

export function HomePage() {
  const recent = useInfiniteQuery(executionsQuery({}, 20));
  const today = useInfiniteQuery(executionsQuery({ from: startOfToday() }, 200));
  const [skills, connections] = useQueries({ queries: [skillsQuery, connectionsQuery] });
  // A replay is a try, and no run of the household's.
  const rows = recent.data?.pages[0]?.items.filter(({ mode }) => mode !== 'replay').slice(0, 8);
  const ranToday = today.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <PageHead
        title={greeting()}
        lead={today.data ? todayInWords(ranToday) : ' '}
        actions={
          <Link to="/chat" className={buttonClass('plain')}>
            <MessageCircle aria-hidden="true" className="size-4" /> Talk with Alfred
          </Link>
        }
      />
      {recent.error ? <ProblemNote error={recent.error} /> : null}
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-5">
          <Approvals />
          <WaitingProposals />
          <FirstSteps />
          <Trend />
          <Panel
            title="Latest runs"
            flush
            aside={
              <Link to="/executions" className="text-[13px] font-medium text-accent hover:underline">
                All executions
              </Link>
            }
          >
            {rows === undefined ? <SkeletonRows rows={5} /> : null}
            {rows?.length === 0 ? (
              <Empty
                title="Nothing was run yet"
                action={
                  <Link to="/skills" className={buttonClass('primary')}>
                    Run a skill
                  </Link>
                }
              >
                What runs will stand here, and what came of it.
              </Empty>
            ) : null}
            <ul className="divide-y divide-line">
              {rows?.map((row) => (
                <li key={row.id} className="h-15">
                  <ExecutionRow row={row} />
                </li>
              ))}
            </ul>
          </Panel>
        </div>
        <div className="min-w-0 space-y-5">
          <SpendPanel />
          <Next skills={skills.data ?? []} />
          <Attention connections={connections.data ?? []} />
          <BackupsPanel />
        </div>
      </div>
    </>
  );
}

function greeting(): string {
  const hour = new Date().getHours();
  if (hour < 5) return 'Good night';
  if (hour < 12) return 'Good morning';
  return hour < 18 ? 'Good afternoon' : 'Good evening';
}

/** Replays are no runs, and cost what they cost. */
function todayInWords(all: ExecutionSummary[]): string {
  const rows = all.filter(({ mode }) => mode !== 'replay');
  const by = (status: ExecutionSummary['status']) => rows.filter((row) => row.status === status).length;
  if (rows.length === 0) return 'Nothing ran today.';
  const failed = by('failed');
  const open = by('running') + by('queued');
  const spent = all.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
  return [
    `${plural(rows.length, 'run')} today`,
    failed === 0 ? 'none failed' : `${failed} failed`,
    ...(open > 0 ? [`${open} under way`] : []),
    ...(spent > 0 ? [`${money(spent)} spent`] : []),
  ]
    .join(', ')
    .concat('.');
}

/** Shown until each was done once, or left out. */
function FirstSteps() {
  const state = useFirstRun();
  if (!state || !Object.values(state).includes('open')) return null;
  return (
    <Suspense fallback={<Skeleton className="h-80" />}>
      <FirstRunGuide state={state} />
    </Suspense>
  );
}

function Next({ skills }: { skills: Skill[] }) {
  const next = skills
    .flatMap(({ slug, name, nextRunAt, isActive }) =>
      nextRunAt && isActive ? [{ slug, name, at: nextRunAt }] : [],
    )
    .sort((a, b) => a.at.localeCompare(b.at))
    .slice(0, 5);
  return (
    <Panel title="Comes next" flush>
      {next.length === 0 ? (
        <p className="px-4 py-4 text-ink-2">
          Nothing is scheduled. A skill with the trigger <em>schedule</em> runs by itself.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {next.map(({ slug, name, at }) => (
            <li key={slug}>
              <Link
                to="/skills/$slug"
                params={{ slug }}
                className="flex items-center gap-3 px-4 py-2.5 hover:bg-hover"
              >
                <CalendarClock aria-hidden="true" className="size-4 text-ink-3" />
                <span className="min-w-0">
                  <span className="block truncate font-medium">{name}</span>
                  <span className="block text-[13px] text-ink-2">
                    {dayTime(at)}, <Ago at={at} />
                  </span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Attention({
  connections,
}: {
  connections: {
    name: string;
    status: string;
    approved: boolean;
    isActive: boolean;
    lastError: string | null;
  }[];
}) {
  const troubled = connections.filter(
    ({ status, approved, isActive }) =>
      isActive && (!approved || status === 'error' || status === 'changed' || status === 'needs_login'),
  );
  return (
    <Panel title="Connections" flush>
      {troubled.length === 0 ? (
        <p className="flex items-center gap-2 px-4 py-4 text-ink-2">
          <Check aria-hidden="true" className="size-4 text-good" /> {plural(connections.length, 'connection')}
          , none needs you.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {troubled.map(({ name, approved, lastError, status }) => (
            <li key={name}>
              <Link to="/connections/$name" params={{ name }} className="block px-4 py-2.5 hover:bg-hover">
                <span className="block font-medium">{name}</span>
                <span className="block truncate text-[13px] text-bad">
                  {approved
                    ? (lastError ??
                      (status === 'changed' ? 'Its tools changed: look at them.' : 'It needs you.'))
                    : 'It waits for your approval.'}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
