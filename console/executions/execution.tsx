/** One execution: how it ended in plain words, then what happened, live while it goes on. */
import { Tabs } from '@base-ui/react/tabs';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { isFinal } from '../../src/contract/execution-status.ts';
import type { Execution } from '../../src/contract/executions.ts';
import { triggers } from '../../src/contract/trigger-types.ts';
import { isPassing } from '../api/client.ts';
import { executionQuery, sessionQuery, skillsQuery, traceQuery } from '../api/queries.ts';
import { useRead } from '../api/use-read.ts';
import { useRun } from '../api/use-run.ts';
import { exactTime } from '../ui/format.ts';
import { JsonBox } from '../ui/json-tree.tsx';
import { PageProblem } from '../ui/page-problem.tsx';
import { PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { ExecutionStatusMark, modeWord } from '../ui/status.tsx';
import { Ago } from '../ui/time.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { t, told } from '../words/t.ts';
import { Approvals } from './approvals.tsx';
import { ExecutionActions } from './execution-actions.tsx';
import { Outcome, Summary } from './execution-summary.tsx';
import { Timeline } from './execution-timeline.tsx';
import { RunsLink } from './runs-link.tsx';

const route = getRouteApi('/executions/$id');
const tabs = { happened: t('what happened'), input: t('input'), trace: t('raw trace') };
type Tab = keyof typeof tabs;

export function ExecutionPage() {
  const { id } = route.useParams();
  const queries = useQueryClient();
  const execution = useQuery(executionQuery(id));
  const { run, isBroken } = useRun(id);
  const [tab, setTab] = useState<Tab>('happened');
  // The row is read anew when its stream says that it moved on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what it waits for
  useEffect(() => {
    if (run.status === undefined || run.status === execution.data?.status) return;
    void queries.invalidateQueries({ queryKey: executionQuery(id).queryKey });
  }, [run.status, run.isOver]);
  useReadOnSight(execution.data);
  if (execution.error && !(execution.data && isPassing(execution.error)))
    return (
      <PageProblem
        error={execution.error}
        title={t('This run is not here')}
        list="/executions"
        listName={t('All executions')}
      />
    );
  if (!execution.data) return <SkeletonRows rows={8} className="h-16" />;
  const row = execution.data;
  const status = run.status ?? row.status;
  return (
    <>
      <WayBack to="/executions">{t('Executions')}</WayBack>
      <PageHead
        title={<RunTitle execution={row} />}
        lead={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <ExecutionStatusMark status={status} />
            <span title={exactTime(row.createdAt)}>
              {row.mode === 'live' ? '' : `${modeWord(row.mode)}, `}
              {told(triggers[row.trigger].words)}, <Ago at={row.createdAt} />
            </span>
            {row.replayOf === null ? null : (
              <Link
                to="/executions/$id"
                params={{ id: row.replayOf }}
                className="text-[13px] hover:underline"
              >
                {t('of an earlier run, whose tools are not called')}
              </Link>
            )}
            <TryOf execution={row} />
            <SkillLink execution={row} />
            {row.retryOf === null ? null : (
              <Link to="/executions/$id" params={{ id: row.retryOf }} className="text-[13px] hover:underline">
                {t('again after an earlier run')}
              </Link>
            )}
          </span>
        }
        actions={
          <ExecutionActions execution={row} isOver={isFinal(status)} onTrace={() => setTab('trace')} />
        }
      />
      {isBroken && !run.isOver && row.purgedAt === null ? (
        <p role="status" className="mb-4 text-[13px] text-wait">
          {t('The connection to the VM is lost; this page goes on when it is back.')}
        </p>
      ) : null}
      {status === 'waiting_approval' ? <Approvals execution={id} /> : null}
      <Summary execution={row} run={run} />
      <Outcome execution={row} run={run} />
      <Tabs.Root value={tab} onValueChange={setTab} className="mt-6">
        <Tabs.List aria-label={t('Views')} className="mb-3 flex gap-1 border-b border-line">
          {Object.entries(tabs).map(([key, name]) => (
            <Tabs.Tab
              key={key}
              value={key}
              className="-mb-px border-b-2 border-transparent px-3 py-2 text-[13px] font-medium text-ink-2 first-letter:uppercase hover:text-ink data-[active]:border-accent data-[active]:text-ink"
            >
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="happened" className="outline-none">
          <Timeline run={run} execution={row} />
        </Tabs.Panel>
        <Tabs.Panel value="input" className="outline-none">
          <JsonBox value={row.input ?? {}} isTall />
        </Tabs.Panel>
        <Tabs.Panel value="trace" className="outline-none">
          <RawTrace id={id} />
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}

function RawTrace({ id }: { id: string }) {
  const trace = useQuery(traceQuery(id));
  if (trace.data) return <JsonBox value={trace.data} isTall />;
  if (trace.error) return <ProblemNote error={trace.error} />;
  return <SkeletonRows rows={4} className="h-8" />;
}

/** Of a step that was tried while its skill was written: which, and by which run it went. */
function TryOf({ execution }: { execution: Execution }) {
  const { try: tried } = execution.triggerDetail as { try?: { step: number; from: string | null } };
  if (tried === undefined) return null;
  const words = t('a try of step {step}', { step: tried.step });
  return tried.from === null ? (
    <span className="text-[13px]">{words}</span>
  ) : (
    <Link to="/executions/$id" params={{ id: tried.from }} className="text-[13px] hover:underline">
      {t('{words}, by what an earlier run was given', { words })}
    </Link>
  );
}

/** The way to the skill, as the skill's page leads to its runs; none where it is gone. */
function SkillLink({ execution: { skillSlug } }: { execution: Execution }) {
  const skills = useQuery(skillsQuery);
  if (!skills.data?.some(({ slug }) => slug === skillSlug)) return null;
  return (
    <>
      <Link
        to="/skills/$slug"
        params={{ slug: skillSlug }}
        className="text-[13px] font-medium text-accent hover:underline"
      >
        {t('The skill')}
      </Link>
      <RunsLink slug={skillSlug} />
    </>
  );
}

function RunTitle({ execution }: { execution: Execution }) {
  // Of the list: the skill itself may be gone.
  const skills = useQuery(skillsQuery);
  const skill = skills.data?.find(({ slug }) => slug === execution.skillSlug);
  return (
    <>
      {skill?.name ?? execution.skillSlug}{' '}
      <span className="text-base font-normal text-ink-3">
        {t('version {skillVersion}', { skillVersion: execution.skillVersion })}
      </span>
    </>
  );
}

/** What started by itself is news until its page was open. Nobody but the owner can say that it was read. */
function useReadOnSight(execution: Execution | undefined): void {
  const { mutate } = useRead();
  const session = useQuery(sessionQuery);
  const isNews =
    execution !== undefined &&
    session.data?.kind === 'session' &&
    execution.mode === 'live' &&
    execution.completedAt !== null &&
    (execution.trigger === 'schedule' || execution.trigger === 'webhook');
  const id = execution?.id;
  useEffect(() => {
    if (isNews && id !== undefined) mutate([id]);
  }, [isNews, id, mutate]);
}
