/**
 * What a run looks like, made of its events in order: steps, and in each the turns of the model and the tools it called. The
 * same for a run under way and one long over, as both are told by the same events.
 */
import type { ExecutionEvent, ExecutionEventData } from '../../src/contract/events.ts';
import { isFinal } from '../../src/contract/execution-status.ts';
import { addPause, type Pause } from './run-pauses.ts';
import type { AgainView, ItemView, RunView, StepView, ToolCallView } from './run-shapes.ts';
import { closeTurns, withMessage, withUsage } from './run-turns.ts';

export const emptyRun: RunView = {
  status: undefined,
  steps: [],
  usage: undefined,
  settled: undefined,
  pauses: [],
  from: undefined,
  to: undefined,
  lastSeq: 0,
  isOver: false,
};

/** It is over, and not one event of it is on record. One that ended before its first step did nothing, and says so by its end. */
export const isUntold = ({ isOver, lastSeq }: RunView): boolean => isOver && lastSeq === 0;

/** A step of which nothing was told. */
export const newStep = (id: number): StepView => ({
  id,
  status: 'pending',
  asked: undefined,
  output: undefined,
  startedAt: undefined,
  finishedAt: undefined,
  heardAt: undefined,
  items: [],
});

/** The run after one more event. An event that was seen already changes nothing. */
export function addEvent(run: RunView, event: ExecutionEvent): RunView {
  if (event.seq <= run.lastSeq) return run;
  const at = Date.parse(event.at);
  const next = { ...run, lastSeq: event.seq, from: run.from ?? at, to: at };
  const inStep = (change: (step: StepView) => StepView): RunView => ({
    ...next,
    steps: changeStep(next.steps, event.step ?? 1, change),
  });
  switch (event.kind) {
    case 'status':
      return { ...next, status: event.data.status, pauses: addPause(run.pauses, event.data, at) };
    case 'end':
      return { ...next, status: event.data.status, isOver: isFinal(event.data.status) };
    case 'usage': {
      const changed = inStep((step) => withUsage(step, run.settled, event.data, event.seq, at));
      const isSettled = event.data.modelCalls > (run.settled?.modelCalls ?? 0);
      return { ...changed, usage: event.data, settled: isSettled ? event.data : run.settled };
    }
    case 'step': {
      const { data, seq } = event;
      const pause = run.pauses.at(-1);
      const steps = changeStep(next.steps, data.id, (step) => withStep(step, data, { seq, at, pause }));
      return { ...next, steps };
    }
    // The same words come whole in a message.
    case 'delta':
      return next;
    case 'tool_call':
      return inStep((step) => ({ ...step, items: withCall(step.items, event.data, at) }));
    case 'message':
      return inStep((step) => withMessage(withAnswers(step, event.data), event.data, event.seq, at));
  }
}

function changeStep(
  steps: readonly StepView[],
  id: number,
  change: (step: StepView) => StepView,
): StepView[] {
  if (!steps.some((step) => step.id === id)) return [...steps, change(newStep(id))];
  return steps.map((step) => (step.id === id ? change(step) : step));
}

function withStep(
  step: StepView,
  { status, output }: ExecutionEventData['step'],
  { seq, at, pause }: { seq: number; at: number; pause: Pause | undefined },
): StepView {
  if (status !== 'running') {
    return {
      ...step,
      status,
      output: output ?? step.output,
      finishedAt: at,
      items: closeTurns(step.items, at),
    };
  }
  const again: AgainView[] = step.items.length === 0 ? [] : [{ kind: 'again', id: `${seq}`, pause }];
  return {
    ...step,
    status,
    startedAt: step.startedAt ?? at,
    finishedAt: undefined,
    heardAt: at,
    items: [...step.items, ...again],
  };
}

function withCall(items: ItemView[], data: ExecutionEventData['tool_call'], at: number): ItemView[] {
  const before = items.find((item): item is ToolCallView => item.kind === 'tool_call' && item.id === data.id);
  const isOver = data.status !== 'intended' && data.status !== 'dispatched';
  const call: ToolCallView = {
    kind: 'tool_call',
    id: data.id,
    toolUseId: data.toolUseId ?? before?.toolUseId,
    name: data.name,
    status: data.status,
    isReadOnly: data.readOnly ?? before?.isReadOnly,
    arguments: data.arguments ?? before?.arguments,
    preview: data.preview ?? before?.preview,
    answer: before?.answer,
    error: data.error ?? undefined,
    startedAt: before?.startedAt ?? at,
    durationMs: data.durationMs ?? (isOver && before ? at - before.startedAt : undefined),
  };
  return before ? items.map((item) => (item === before ? call : item)) : [...items, call];
}

/** The answers of tools stand in what the model is told next. */
function withAnswers(step: StepView, message: Record<string, unknown>): StepView {
  const content = (message.message as { content?: unknown } | undefined)?.content;
  if (message.type !== 'user' || !Array.isArray(content)) return step;
  const answers = new Map<unknown, unknown>(
    content.flatMap((block: { type?: string; tool_use_id?: string; content?: unknown }) =>
      block.type === 'tool_result' && block.tool_use_id ? [[block.tool_use_id, block.content]] : [],
    ),
  );
  if (answers.size === 0) return step;
  const items = step.items.map((item) =>
    item.kind === 'tool_call' && answers.has(item.toolUseId)
      ? { ...item, answer: answers.get(item.toolUseId) }
      : item,
  );
  return { ...step, items };
}
