/** Beside a step that is being written: tries it as it stands, and shows what came of it. Nothing of it is saved. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useFormContext } from 'react-hook-form';
import { isFinal, isRehearsed } from '../../src/contract/execution-status.ts';
import type { Execution } from '../../src/contract/executions.ts';
import type { SkillDefinition } from '../../src/contract/skills.ts';
import { parseToolName } from '../../src/contract/tool-name.ts';
import type { StepTried, TryStep } from '../../src/contract/tries.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { executionQuery } from '../api/queries.ts';
import type { RunView, ToolCallView } from '../api/run-shapes.ts';
import { useRun } from '../api/use-run.ts';
import { Approvals } from '../executions/approvals.tsx';
import { doingOf } from '../executions/doing.ts';
import { Button } from '../ui/button.tsx';
import { duration, money } from '../ui/format.ts';
import { Play } from '../ui/more-icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Prose } from '../ui/prose.tsx';
import { ExecutionStatusMark } from '../ui/status.tsx';
import { rich, t } from '../words/t.ts';
import { bodyOf, type SkillDraft } from './skill-draft.ts';

export function StepTry({ slug, step }: { slug: string; step: number }) {
  const { getValues } = useFormContext<SkillDraft>();
  const attempt = useMutation({
    mutationFn: (mode: TryStep['mode']) => {
      const definition = { ...bodyOf(getValues()), slug } as SkillDefinition;
      return api.tryStep({ params: { slug }, body: { step, mode, definition } });
    },
  });
  const isBusy = (mode: TryStep['mode']) => attempt.isPending && attempt.variables === mode;
  return (
    <section
      aria-label={t('Try step {step}', { step })}
      className="min-w-0 space-y-3 rounded-lg bg-sunken p-3"
    >
      <div className="flex flex-wrap gap-2">
        <Button size="sm" busy={isBusy('rehearsal')} onClick={() => attempt.mutate('rehearsal')}>
          {t('Rehearse this step')}
        </Button>
        <Button
          size="sm"
          icon={<Play className="size-4" />}
          busy={isBusy('live')}
          onClick={() => attempt.mutate('live')}
        >
          {t('Run it on the last run’s input')}
        </Button>
      </div>
      {attempt.error ? <ProblemNote error={attempt.error} /> : null}
      {attempt.data ? (
        <Tried key={attempt.data.executionId} tried={attempt.data} step={step} />
      ) : (
        <p className="text-[13px] text-ink-2">
          {step === 1
            ? t(
                'A rehearsal costs nothing and calls only what reads. A run asks the model, and you before a tool that may destroy. Nothing is saved.',
              )
            : t(
                'A rehearsal costs nothing and calls only what reads. A run asks the model, and you before a tool that may destroy. What came from the steps before is taken from the last run. Nothing is saved.',
              )}
        </p>
      )}
    </section>
  );
}

function Tried({ tried: { executionId, from, carried }, step }: { tried: StepTried; step: number }) {
  const queries = useQueryClient();
  const { run } = useRun(executionId);
  const execution = useQuery(executionQuery(executionId));
  // The row is read anew when its stream says that it moved on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: this is what it waits for
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: executionQuery(executionId).queryKey });
    if (run.status === 'waiting_approval') void queries.invalidateQueries({ queryKey: ['approvals'] });
  }, [run.status, run.isOver]);
  const status = run.status ?? execution.data?.status ?? 'queued';
  const view = run.steps.find(({ id }) => id === step);
  const calls = view?.items.filter((item): item is ToolCallView => item.kind === 'tool_call') ?? [];
  return (
    <div className="space-y-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px]" role="status">
        <ExecutionStatusMark status={status} />
        <span className="text-ink-2">
          {isFinal(status) ? endOf(execution.data, run) : doingOf({ ...run, status })}
        </span>
        <Link
          to="/executions/$id"
          params={{ id: executionId }}
          target="_blank"
          className="font-medium text-accent hover:underline"
        >
          {t('All of it')}
        </Link>
      </p>
      {status === 'waiting_approval' ? <Approvals execution={executionId} /> : null}
      {execution.data?.error ? <p className="text-bad break-words">{execution.data.error}</p> : null}
      {view?.output ? (
        <div className="max-h-96 overflow-y-auto rounded-lg border border-line bg-surface p-3">
          <Prose text={view.output} />
        </div>
      ) : null}
      <Calls calls={calls} />
      <p className="text-[13px] text-ink-2">{basisOf({ from, carried, step })}</p>
    </div>
  );
}

const Calls = ({ calls }: { calls: readonly ToolCallView[] }) =>
  calls.length === 0 ? null : (
    <ul aria-label={t('Tools that it called')} className="space-y-1 text-[13px]">
      {calls.map(({ id, name, status, error }) => (
        <li key={id} className="flex flex-wrap gap-x-2 break-words">
          <span className="font-medium">{visibleText(parseToolName(name)?.tool ?? name)}</span>
          <span className={error === undefined ? 'text-ink-2' : 'text-bad'}>
            {error ?? callWords[status]}
          </span>
        </li>
      ))}
    </ul>
  );

const callWords: Record<ToolCallView['status'], string> = {
  intended: t('is about to be called'),
  dispatched: t('is called'),
  done: t('answered'),
  failed: t('failed'),
  denied: t('was not called'),
  unknown: t('was called; how it ended is not known'),
};

/** What it took; of a rehearsal nothing. */
function endOf(execution: Execution | undefined, run: RunView): string {
  if (execution === undefined || execution.durationMs === null) return '';
  const { costUsd } = execution.usage;
  const cost = isRehearsed(execution) ? t('cost nothing') : costUsd === null ? t('unpriced') : money(costUsd);
  return `${duration(execution.durationMs)}, ${cost}${run.isOver ? '' : ' …'}`;
}

/** Where what it was given comes from. */
function basisOf({ from, carried, step }: { from: string | null; carried: number; step: number }) {
  const before = step - 1;
  const rehearsed = before - carried;
  const first =
    rehearsed === 0
      ? ''
      : t('{rehearsed, plural, one {# step before it was} other {# steps before it were}} rehearsed first.', {
          rehearsed,
        });
  if (from === null)
    return (
      <>
        {t('There was no run to go by: its input was made up.')} {first}
      </>
    );
  return (
    <>
      {rich(
        carried === 0
          ? 'On the input of <link>an earlier run</link>.'
          : 'On the input, and what earlier steps gave, of <link>an earlier run</link>.',
        {
          link: (words) => (
            <Link
              to="/executions/$id"
              params={{ id: from }}
              target="_blank"
              className="font-medium text-accent hover:underline"
            >
              {words}
            </Link>
          ),
        },
      )}{' '}
      {first}
    </>
  );
}
