/** A run as it went: steps, the turns of the model and the tools it called, along one line of time. */
import { type CSSProperties, useState } from 'react';
import { isRehearsed } from '../../src/contract/execution-status.ts';
import type { Execution } from '../../src/contract/executions.ts';
import { tickOf, workedBy } from '../api/run-pauses.ts';
import type { ItemView, RunView, StepView } from '../api/run-shapes.ts';
import { readTokensOf, tokensOf, usageOfStep } from '../api/run-turns.ts';
import { isUntold, newStep } from '../api/run-view.ts';
import { cx } from '../ui/cx.ts';
import { count, duration, exactClock, money } from '../ui/format.ts';
import { Check, CircleDashed, LoaderCircle, X } from '../ui/icons.tsx';
import { JsonBox } from '../ui/json-tree.tsx';
import { CirclePause, Minus } from '../ui/more-icons.tsx';
import { Prose } from '../ui/prose.tsx';
import { useNow } from '../ui/time.tsx';
import { rich, t } from '../words/t.ts';
import { ItemRow, isUnderWay } from './execution-items.tsx';
import { columns, Facts, itemClass, Part, Row, spanOf } from './timeline-row.tsx';
import { Removed, Untold } from './without-record.tsx';

export function Timeline({ run, execution }: { run: RunView; execution: Execution }) {
  const now = useNow(run.isOver ? 60_000 : 500);
  const from = run.from ?? Date.parse(execution.createdAt);
  const to = run.isOver ? (run.to ?? from) : now;
  const worked = Math.max(1, workedBy(run.pauses, from, to));
  const tick = tickOf(worked, 6);
  if (execution.purgedAt !== null) {
    return <Removed at={execution.purgedAt} />;
  }
  const steps = stepsOf(run, execution);
  const isAllUnknown = isUntold(run);
  if (isAllUnknown && steps.length === 0) return <Untold />;
  return (
    <>
      {isAllUnknown ? <Untold /> : null}
      <section
        aria-label={t('What happened')}
        className="overflow-hidden rounded-xl border border-line bg-surface"
        // The length of the whole stands here alone: when it grows, no bar needs to be drawn anew by us.
        style={{ '--span': worked, '--tick': tick, ...widths(execution) } as CSSProperties}
      >
        <Axis worked={worked} tick={tick} isFree={isRehearsed(execution)} />
        <ol>
          {steps.map((step) => (
            <StepPart
              key={step.id}
              step={step}
              of={execution.steps.length}
              run={run}
              from={from}
              now={to}
              execution={execution}
            />
          ))}
        </ol>
      </section>
    </>
  );
}

/** Of the columns for what was used, where there is something to stand in them. */
const widths = (execution: Execution) =>
  isRehearsed(execution)
    ? { '--tokens': '0px', '--cost': '0px' }
    : { '--tokens': '6.5rem', '--cost': '4rem' };

/** Those that were told of, and between them those of which only the row knows: carried over, or not begun. */
function stepsOf(run: RunView, execution: Execution): StepView[] {
  const told = new Map(run.steps.map((step) => [step.id, step]));
  const kept = execution.steps.map(
    (step): StepView =>
      told.get(step.id) ?? { ...newStep(step.id), status: step.status, output: step.output ?? undefined },
  );
  const others = run.steps.filter(({ id }) => !execution.steps.some((step) => step.id === id));
  return [...kept, ...others].sort((a, b) => a.id - b.id);
}

/** The heading: what stands in the columns, and the times along the line. */
function Axis({ worked, tick, isFree }: { worked: number; tick: number; isFree: boolean }) {
  // One that would stand over the edge is left out.
  const ticks = Array.from({ length: Math.ceil((worked * 0.94) / tick) }, (_, index) => index * tick);
  return (
    <div
      aria-hidden="true"
      className={cx(columns, 'border-b border-line py-1.5 text-xs text-ink-3 tabular-nums')}
    >
      <span>{t('Step, turn, tool')}</span>
      <span className="relative hidden md:block">
        {ticks.map((at) => (
          <span
            key={at}
            className="absolute whitespace-nowrap"
            style={{ left: `calc(${at} / var(--span) * 100%)` }}
          >
            {tickWord(at)}
          </span>
        ))}
      </span>
      <span className="text-right">{t('Took')}</span>
      <span className="hidden text-right md:block">{isFree ? '' : t('Tokens')}</span>
      <span className="hidden text-right md:block">{isFree ? '' : t('Cost')}</span>
    </div>
  );
}

const tickWord = (ms: number): string =>
  ms === 0 ? '0' : ms >= 1000 && ms < 10_000 ? `${ms / 1000} s` : duration(ms);

/** How many lines of a step are drawn before one asks for all: its first and its last half. */
const most = 240;

function endsOf(
  items: readonly ItemView[],
): readonly (ItemView | { kind: 'more'; id: string; left: number })[] {
  if (items.length <= most) return items;
  const left = items.length - most;
  return [...items.slice(0, most / 2), { kind: 'more', id: 'more', left }, ...items.slice(-most / 2)];
}

function StepPart({
  step,
  of,
  run,
  from,
  now,
  execution,
}: {
  step: StepView;
  of: number;
  run: RunView;
  from: number;
  now: number;
  execution: Execution;
}) {
  const isFree = isRehearsed(execution);
  const [isWhole, setWhole] = useState(false);
  const items = isWhole ? step.items : endsOf(step.items);
  return (
    <li className="border-line [&:not(:first-child)]:border-t">
      <Row
        icon={step.status === 'pending' && step.startedAt !== undefined ? standsStill : marks[step.status]}
        name={
          <span className="font-semibold">
            {rich('Step {id} <of>of {steps}</of>', {
              id: step.id,
              steps: of,
              of: (words) => <span className="font-normal text-ink-3">{words}</span>,
            })}
          </span>
        }
        note={step.asked === undefined ? notBegun(step, execution) : firstLine(step.asked)}
        depth={0}
        tone={step.status === 'failed' ? 'bad' : 'step'}
        span={
          step.startedAt === undefined ? undefined : spanOf(run, from, step.startedAt, step.finishedAt, now)
        }
        usage={usageOfStep(step)}
        isFree={isFree}
        isStrong
      >
        {() => <StepBehind step={step} execution={execution} />}
      </Row>
      <ul>
        {items.map((item) => (
          <li key={item.id} className={itemClass}>
            {item.kind === 'more' ? (
              <button
                type="button"
                onClick={() => setWhole(true)}
                className="w-full px-3 py-2 text-left text-[13px] font-medium text-accent hover:bg-hover md:px-9"
              >
                {t('{left} lines between these are not shown: show them', { left: item.left })}
              </button>
            ) : (
              <ItemRow
                item={item}
                from={from}
                pauses={run.pauses}
                now={isUnderWay(item) && !run.isOver ? now : undefined}
                execution={execution}
              />
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}

function StepBehind({ step, execution }: { step: StepView; execution: Execution }) {
  const usage = usageOfStep(step);
  return (
    <>
      <Facts
        facts={[
          step.startedAt !== undefined && exactClock(step.startedAt),
          usage &&
            t('{modelCalls, plural, one {# call} other {# calls}} of the model', {
              modelCalls: usage.modelCalls,
            }),
          usage && tokensOf(usage) > 0 && t('{tokens} tokens read', { tokens: count(readTokensOf(usage)) }),
          usage &&
            usage.outputTokens > 0 &&
            t('{outputTokens} written', { outputTokens: count(usage.outputTokens) }),
          usage && !isRehearsed(execution) && (usage.costUsd === null ? t('unpriced') : money(usage.costUsd)),
        ]}
      />
      {step.asked === undefined ? null : (
        <Part name={t('What the model was asked')}>
          <p className="max-h-96 overflow-auto rounded-lg bg-sunken px-3 py-2 break-words whitespace-pre-wrap">
            {step.asked}
          </p>
        </Part>
      )}
      {step.id === 1 && hasInput(execution) ? (
        <Part name={t('What the run was given')}>
          <JsonBox value={execution.input} />
        </Part>
      ) : null}
      {step.output === undefined ? null : (
        <Part name={t('What the step found')}>
          <div className="max-h-96 overflow-auto rounded-lg bg-sunken px-3 py-2">
            <Prose text={step.output} />
          </div>
        </Part>
      )}
    </>
  );
}

const hasInput = ({ input }: Execution): boolean =>
  typeof input === 'object' && input !== null && Object.keys(input).length > 0;

function notBegun(step: StepView, { retryOf, completedAt }: Execution): string | undefined {
  if (step.status === 'done') return retryOf === null ? undefined : t('carried over from the run before');
  if (step.status !== 'pending' && step.status !== 'skipped') return undefined;
  return completedAt === null ? t('not begun yet') : t('not begun');
}

const firstLine = (text: string): string => text.trimStart().split('\n', 1)[0] ?? '';

const standsStill = <CirclePause aria-label={t('stands still')} className="size-4 text-wait" />;
const marks = {
  pending: <CircleDashed aria-label={t('not begun')} className="size-4 text-ink-3" />,
  running: <LoaderCircle aria-label={t('goes on')} className="size-4 animate-spin text-live" />,
  done: <Check aria-label={t('done')} className="size-4 text-good" strokeWidth={2.6} />,
  failed: <X aria-label={t('failed')} className="size-4 text-bad" strokeWidth={2.6} />,
  unknown: <CircleDashed aria-label={t('interrupted')} className="size-4 text-wait" />,
  skipped: <Minus aria-label={t('left out')} className="size-4 text-ink-3" />,
} as const;
