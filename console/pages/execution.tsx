/** One execution: how it ended in plain words, then what happened, live while it goes on. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, Play, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type Execution, isFinal } from '../../src/contract/executions.ts';
import { api } from '../api/client.ts';
import { executionQuery, skillsQuery } from '../api/queries.ts';
import type { RunView } from '../api/run-view.ts';
import { useRun } from '../api/use-run.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { count, duration, exactTime, money, plural } from '../ui/format.ts';
import { JsonBox } from '../ui/json-tree.tsx';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Prose } from '../ui/prose.tsx';
import { ExecutionStatusMark } from '../ui/status.tsx';
import { Ago, useNow } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { Approvals } from './approvals.tsx';
import { Timeline } from './execution-timeline.tsx';

const route = getRouteApi('/executions/$id');
const tabs = ['what happened', 'input', 'raw trace'] as const;

export function ExecutionPage() {
  const { id } = route.useParams();
  const queries = useQueryClient();
  const execution = useQuery(executionQuery(id));
  const { run, isBroken } = useRun(id);
  const [tab, setTab] = useState<(typeof tabs)[number]>('what happened');
  // The row is read anew when its stream says that it moved on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what it waits for
  useEffect(() => {
    if (run.status === undefined || run.status === execution.data?.status) return;
    void queries.invalidateQueries({ queryKey: ['executions'] });
    void queries.invalidateQueries({ queryKey: ['skills'] });
  }, [run.status, run.isOver]);
  if (execution.error) return <ProblemNote error={execution.error} />;
  if (!execution.data) return <SkeletonRows rows={8} className="h-16" />;
  const row = execution.data;
  const status = run.status ?? row.status;
  return (
    <>
      <Link
        to="/executions"
        className="mb-3 inline-flex items-center gap-1.5 text-[13px] text-ink-2 hover:text-ink"
      >
        <ArrowLeft aria-hidden="true" className="size-3.5" /> Executions
      </Link>
      <PageHead
        title={<SkillName execution={row} />}
        lead={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <ExecutionStatusMark status={status} />
            <span title={exactTime(row.createdAt)}>
              {row.mode === 'rehearsal' ? 'rehearsal, ' : ''}
              {row.trigger}, <Ago at={row.createdAt} />
            </span>
          </span>
        }
        actions={<Actions execution={row} isOver={isFinal(status)} />}
      />
      {isBroken && !run.isOver ? (
        <p role="status" className="mb-4 text-[13px] text-wait">
          The connection to the VM is lost; this page goes on when it is back.
        </p>
      ) : null}
      {status === 'waiting_approval' ? <Approvals execution={id} /> : null}
      <Figures execution={row} run={run} />
      <Outcome execution={row} />
      <div role="tablist" aria-label="Views" className="mt-6 mb-3 flex gap-1 border-b border-line">
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            onClick={() => setTab(name)}
            className={cx(
              '-mb-px border-b-2 px-3 py-2 text-[13px] font-medium first-letter:uppercase',
              tab === name ? 'border-accent text-ink' : 'border-transparent text-ink-2 hover:text-ink',
            )}
          >
            {name}
          </button>
        ))}
      </div>
      {tab === 'what happened' ? <Timeline run={run} execution={row} /> : null}
      {tab === 'input' ? <JsonBox value={row.input ?? {}} /> : null}
      {tab === 'raw trace' ? <JsonBox value={row.trace} /> : null}
    </>
  );
}

function SkillName({ execution }: { execution: Execution }) {
  // Of the list: the skill itself may be gone.
  const skills = useQuery(skillsQuery);
  const skill = skills.data?.find(({ slug }) => slug === execution.skillSlug);
  return (
    <>
      {skill?.name ?? execution.skillSlug}{' '}
      <span className="text-base font-normal text-ink-3">version {execution.skillVersion}</span>
    </>
  );
}

function Actions({ execution, isOver }: { execution: Execution; isOver: boolean }) {
  const navigate = useNavigate();
  const cancel = useMutation({
    mutationFn: () => api('POST', `/api/v1/executions/${execution.id}/cancel`),
    onSuccess: () => say('It is being stopped'),
    onError: sayProblem,
  });
  const again = useMutation({
    mutationFn: () =>
      api<{ executionId: string }>('POST', `/api/v1/executions/${execution.id}/retry`, {
        from: 'start',
        version: 'current',
      }),
    onSuccess: ({ executionId }) => navigate({ to: '/executions/$id', params: { id: executionId } }),
    onError: sayProblem,
  });
  return isOver ? (
    <>
      <Button icon={<Play className="size-4" />} busy={again.isPending} onClick={() => again.mutate()}>
        Run again
      </Button>
      <Link to="/skills/$slug" params={{ slug: execution.skillSlug }} className={buttonClass('quiet')}>
        See the skill
      </Link>
    </>
  ) : (
    <Button
      look="danger"
      icon={<Square className="size-3.5" fill="currentColor" />}
      busy={cancel.isPending}
      onClick={() => cancel.mutate()}
    >
      Cancel
    </Button>
  );
}

function Figures({ execution, run }: { execution: Execution; run: RunView }) {
  const now = useNow(1000);
  const started = execution.startedAt ? Date.parse(execution.startedAt) : run.from;
  const ms = execution.durationMs ?? (started === undefined ? 0 : Math.max(0, now - started));
  const usage = execution.completedAt ? execution.usage : (run.usage ?? execution.usage);
  const tokens = usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const calls = run.steps
    .flatMap(({ items }) => items as { kind: string }[])
    .filter(({ kind }) => kind === 'tool_call').length;
  const figures = [
    ['Took', duration(ms)],
    [
      'Cost',
      execution.mode === 'rehearsal' ? 'nothing' : usage.costUsd === null ? 'unpriced' : money(usage.costUsd),
    ],
    ['Tokens', count(tokens)],
    ['Tool calls', count(calls || execution.toolCalls.length)],
  ] as const;
  return (
    <dl className="mb-4 grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line sm:grid-cols-4">
      {figures.map(([name, figure]) => (
        <div key={name} className="bg-surface px-4 py-3">
          <dt className="text-[13px] text-ink-2">{name}</dt>
          <dd className="text-lg font-semibold tabular-nums">{figure}</dd>
        </div>
      ))}
    </dl>
  );
}

function Outcome({ execution }: { execution: Execution }) {
  if (execution.error) {
    return (
      <div role="alert" className="rounded-xl border border-bad/30 bg-bad-soft px-4 py-3">
        <p className="font-medium">{execution.error}</p>
        <p className="mt-1 text-[13px] text-ink-2">
          {summaryOf(execution)} <code className="font-mono">{execution.errorCode}</code>
        </p>
      </div>
    );
  }
  if (!execution.output) return null;
  return (
    <Panel title="What came of it" aside={<CopyButton text={execution.output} />}>
      <div className="max-h-[32rem] overflow-y-auto">
        <Prose text={execution.output} />
      </div>
    </Panel>
  );
}

const summaryOf = ({ steps }: Execution): string => {
  const done = steps.filter(({ status }) => status === 'done').length;
  return `${plural(done, 'step')} of ${steps.length} done.`;
};

function CopyButton({ text }: { text: string }) {
  return (
    <Button
      size="sm"
      look="quiet"
      onClick={() =>
        navigator.clipboard.writeText(text).then(
          () => say('Copied'),
          (error) => sayProblem(error),
        )
      }
    >
      Copy
    </Button>
  );
}
