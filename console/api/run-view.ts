/**
 * What a run looks like, made of its events in order: steps, and in each what the model said, thought and called. The same
 * for a run under way and one long over, as both are told by the same events.
 */
import type { ExecutionEvent, ExecutionEventData } from '../../src/contract/events.ts';
import { type ExecutionStatus, isFinal, type Usage } from '../../src/contract/executions.ts';

export type ToolCallView = {
  kind: 'tool_call';
  id: string;
  name: string;
  status: ExecutionEventData['tool_call']['status'];
  arguments: unknown;
  preview: string | undefined;
  error: string | undefined;
  startedAt: number;
  durationMs: number | undefined;
};
export type TextView = { kind: 'text' | 'thinking' | 'asked'; id: string; text: string; at: number };
export type ItemView = ToolCallView | TextView;

export type StepView = {
  id: number;
  status: ExecutionEventData['step']['status'];
  output: string | undefined;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  items: ItemView[];
  usage: Usage | undefined;
};

export type RunView = {
  status: ExecutionStatus | undefined;
  steps: readonly StepView[];
  of: number;
  usage: Usage | undefined;
  /** The first and the last time that is known of it, in milliseconds since 1970. */
  from: number | undefined;
  to: number | undefined;
  lastSeq: number;
  isOver: boolean;
};

export const emptyRun: RunView = {
  status: undefined,
  steps: [],
  of: 0,
  usage: undefined,
  from: undefined,
  to: undefined,
  lastSeq: 0,
  isOver: false,
};

const newStep = (id: number): StepView => ({
  id,
  status: 'pending',
  output: undefined,
  startedAt: undefined,
  finishedAt: undefined,
  items: [],
  usage: undefined,
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
      return { ...next, status: event.data.status };
    case 'end':
      return { ...next, status: event.data.status, isOver: isFinal(event.data.status) };
    case 'usage':
      return { ...inStep((step) => ({ ...step, usage: event.data })), usage: event.data };
    case 'step': {
      const { id, of, status, output } = event.data;
      const steps = changeStep(next.steps, id, (step) => ({
        ...step,
        status,
        output: output ?? step.output,
        startedAt: status === 'running' ? at : step.startedAt,
        finishedAt: status === 'running' ? undefined : at,
        // Tried again: what the attempt before said stays in the trace.
        items: status === 'running' ? [] : step.items,
      }));
      return { ...next, of, steps };
    }
    case 'tool_call':
      return inStep((step) => ({ ...step, items: withCall(step.items, event.data, at) }));
    case 'message':
      return inStep((step) => ({ ...step, items: [...step.items, ...textsIn(event.data, event.seq, at)] }));
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

function withCall(items: ItemView[], data: ExecutionEventData['tool_call'], at: number): ItemView[] {
  const before = items.find((item): item is ToolCallView => item.kind === 'tool_call' && item.id === data.id);
  const isOver = data.status !== 'intended' && data.status !== 'dispatched';
  const call: ToolCallView = {
    kind: 'tool_call',
    id: data.id,
    name: data.name,
    status: data.status,
    arguments: data.arguments ?? before?.arguments,
    preview: data.preview ?? before?.preview,
    error: data.error ?? undefined,
    startedAt: before?.startedAt ?? at,
    durationMs: data.durationMs ?? (isOver && before ? at - before.startedAt : undefined),
  };
  return before ? items.map((item) => (item === before ? call : item)) : [...items, call];
}

/** The words of an Agent SDK message: what was asked, said and thought. Calls and results come as events of their own. */
function textsIn(message: Record<string, unknown>, seq: number, at: number): TextView[] {
  const { type, message: inner } = message as { type?: string; message?: { content?: unknown } };
  const content = inner?.content;
  if (type === 'user' && typeof content === 'string')
    return [{ kind: 'asked', id: `${seq}`, text: content, at }];
  if (type !== 'assistant' || !Array.isArray(content)) return [];
  return content.flatMap((block: { type?: string; text?: string; thinking?: string }, index): TextView[] => {
    if (block.type === 'text' && block.text)
      return [{ kind: 'text', id: `${seq}.${index}`, text: block.text, at }];
    if (block.type === 'thinking' && block.thinking) {
      return [{ kind: 'thinking', id: `${seq}.${index}`, text: block.thinking, at }];
    }
    return [];
  });
}
