/** A run as it went: steps, and in each what the model said and which tools it called, along one line of time. */
import { Check, ChevronRight, CircleDashed, LoaderCircle, Minus, X } from 'lucide-react';
import { type CSSProperties, memo, useState } from 'react';
import { parseToolName } from '../../src/contract/common.ts';
import type { Execution } from '../../src/contract/executions.ts';
import type { ItemView, RunView, StepView, ToolCallView } from '../api/run-view.ts';
import { cx } from '../ui/cx.ts';
import { duration, money } from '../ui/format.ts';
import { JsonBox } from '../ui/json-tree.tsx';
import { Prose } from '../ui/prose.tsx';
import { useNow } from '../ui/time.tsx';

export function Timeline({ run, execution }: { run: RunView; execution: Execution }) {
  const now = useNow(run.isOver ? 60_000 : 500);
  const from = run.from ?? Date.parse(execution.createdAt);
  const to = run.isOver ? (run.to ?? from) : now;
  if (run.steps.length === 0) {
    return (
      <p className="px-1 py-6 text-ink-2">
        {execution.completedAt ? 'The record of the steps is no longer kept.' : 'It waits for its turn.'}
      </p>
    );
  }
  return (
    // The length of the whole stands here alone: when it grows, no bar needs to be drawn anew by us.
    <ol className="space-y-3" style={{ '--span': Math.max(1, to - from) } as CSSProperties}>
      {run.steps.map((step) => (
        <StepPart key={step.id} step={step} of={run.of} from={from} now={to} execution={execution} />
      ))}
    </ol>
  );
}

function StepPart({
  step,
  of,
  from,
  now,
  execution,
}: {
  step: StepView;
  of: number;
  from: number;
  now: number;
  execution: Execution;
}) {
  const took = step.startedAt === undefined ? undefined : (step.finishedAt ?? now) - step.startedAt;
  const cost = step.usage?.costUsd;
  return (
    <li className="overflow-hidden rounded-xl border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-sunken/60 px-4 py-2">
        <StepMark status={step.status} />
        <span className="font-semibold">
          Step {step.id} <span className="font-normal text-ink-3">of {of}</span>
        </span>
        <span className="ml-auto flex gap-4 text-[13px] text-ink-2 tabular-nums">
          {execution.mode !== 'rehearsal' && cost != null ? <span>{money(cost)}</span> : null}
          {took === undefined ? null : <span>{duration(took)}</span>}
        </span>
      </div>
      <ul className="divide-y divide-line">
        {step.items.map((item) => (
          <li key={item.id}>
            <ItemPart item={item} from={from} now={goesOn(item) ? now : undefined} execution={execution} />
          </li>
        ))}
      </ul>
    </li>
  );
}

const marks = {
  pending: <CircleDashed aria-label="not begun" className="size-4 text-ink-3" />,
  running: <LoaderCircle aria-label="goes on" className="size-4 animate-spin text-live" />,
  done: <Check aria-label="done" className="size-4 text-good" strokeWidth={2.6} />,
  failed: <X aria-label="failed" className="size-4 text-bad" strokeWidth={2.6} />,
  unknown: <CircleDashed aria-label="interrupted" className="size-4 text-wait" />,
  skipped: <Minus aria-label="left out" className="size-4 text-ink-3" />,
} as const;
const StepMark = ({ status }: { status: StepView['status'] }) => marks[status];

const goesOn = (item: ItemView): boolean =>
  item.kind === 'tool_call' && (item.status === 'intended' || item.status === 'dispatched');

/** Drawn anew only when something of it changed: a run may have thousands, and tell of fifty a second. */
const ItemPart = memo(function ItemPart({
  item,
  from,
  now,
  execution,
}: {
  item: ItemView;
  from: number;
  /** Left out for what is over. */
  now: number | undefined;
  execution: Execution;
}) {
  if (item.kind === 'tool_call')
    return <ToolCallPart call={item} from={from} now={now} execution={execution} />;
  if (item.kind === 'text') {
    return (
      <div className="px-4 py-3">
        <Prose text={item.text} />
      </div>
    );
  }
  return (
    <details className="group px-4 py-2 text-ink-2">
      <summary className="flex list-none items-center gap-2 text-[13px]">
        <ChevronRight aria-hidden="true" className="size-3.5 transition-transform group-open:rotate-90" />
        {item.kind === 'asked' ? 'What the model was asked' : 'What the model thought'}
      </summary>
      <p className="pt-2 pl-5.5 break-words whitespace-pre-wrap">{item.text}</p>
    </details>
  );
});

function ToolCallPart({
  call,
  from,
  now,
  execution,
}: {
  call: ToolCallView;
  from: number;
  now: number | undefined;
  execution: Execution;
}) {
  const [isOpen, setOpen] = useState(false);
  const tool = parseToolName(call.name);
  const isBad = call.status === 'failed' || call.status === 'denied' || call.status === 'unknown';
  const isOver = !goesOn(call);
  const took = isOver ? call.durationMs : Math.max(0, (now ?? call.startedAt) - call.startedAt);
  const kept = isOpen ? execution.toolCalls.find(({ id }) => id === call.id) : undefined;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2 text-left hover:bg-hover md:grid-cols-[auto_minmax(0,1fr)_11rem_4.5rem]"
      >
        <ChevronRight
          aria-hidden="true"
          className={cx('size-3.5 text-ink-3 transition-transform', isOpen && 'rotate-90')}
        />
        <span className="min-w-0">
          <span className="block truncate">
            <span className="text-ink-2">{tool?.connection ?? ''}</span>{' '}
            <span className={cx('font-medium', isBad && 'text-bad')}>{tool?.tool ?? call.name}</span>
            {isBad ? <span className="ml-2 text-[13px] text-bad">{call.status}</span> : null}
          </span>
          <span className="block truncate text-[13px] text-ink-2">
            {call.error ?? call.preview ?? shortArguments(call.arguments)}
          </span>
        </span>
        <span aria-hidden="true" className="relative hidden h-1.5 rounded-full bg-hover md:block">
          <span
            className={cx(
              'absolute inset-y-0 min-w-1.5 rounded-full',
              isBad ? 'bg-bad' : 'bg-accent',
              !isOver && 'animate-pulse-soft',
            )}
            style={{
              left: `min(98%, ${call.startedAt - from} / var(--span) * 100%)`,
              width: `calc(${took ?? 0} / var(--span) * 100%)`,
            }}
          />
        </span>
        <span className="text-right text-[13px] text-ink-2 tabular-nums">
          {took === undefined ? '' : duration(took)}
        </span>
      </button>
      {isOpen ? (
        <div className="space-y-3 px-4 pb-4 pl-10">
          <Part name="Sent">
            <JsonBox value={call.arguments ?? kept?.arguments ?? {}} />
          </Part>
          {kept?.result != null || call.preview !== undefined || call.error !== undefined ? (
            <Part name="Answered">
              <Result value={kept?.result ?? call.error ?? call.preview} />
            </Part>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

const Part = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <p className="mb-1 text-[13px] font-medium text-ink-2">{name}</p>
    {children}
  </div>
);

type Content = { type?: string; text?: string; data?: string; mimeType?: string };

/** Of an MCP result, its texts as text and its images as images; of anything else, its JSON. */
function Result({ value }: { value: unknown }) {
  const content = (value as { content?: unknown } | null)?.content;
  if (!Array.isArray(content)) return <JsonBox value={value} />;
  return (
    <div className="space-y-2">
      {(content as Content[]).map((part, index) => {
        const key = `${index}`;
        if (part.type === 'text') return <JsonBox key={key} value={parsed(part.text ?? '')} />;
        if (part.type === 'image' && /^image\/(png|jpeg|gif|webp)$/.test(part.mimeType ?? '')) {
          return (
            <img
              key={key}
              src={`data:${part.mimeType};base64,${part.data}`}
              alt="What the tool answered"
              className="max-h-96 rounded-lg border border-line"
            />
          );
        }
        return <JsonBox key={key} value={part} />;
      })}
    </div>
  );
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // looks like JSON, and is none
  }
}

const shortArguments = (value: unknown): string => {
  const text = JSON.stringify(value ?? {});
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
};
