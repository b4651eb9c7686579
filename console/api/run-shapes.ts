/** What a run is shown as: its steps, and in each the turns of the model and the tools that were called. */
import type { ExecutionEventData } from '../../src/contract/events.ts';
import type { ExecutionStatus } from '../../src/contract/execution-status.ts';
import type { Usage } from '../../src/contract/executions.ts';
import type { Pause } from './run-pauses.ts';

export type TurnPart =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; text: string }
  /** What the agent's own program said beside the model. */
  | { kind: 'program'; text: string }
  | { kind: 'calls'; name: string };

export type TurnView = {
  kind: 'turn';
  id: string;
  /** The first is 1 in its step. */
  number: number;
  /** Of the Messages API; undefined until the first words have come. */
  messageId: string | undefined;
  model: string | undefined;
  parts: TurnPart[];
  usage: Usage | undefined;
  /** When the model was given what it answers. */
  startedAt: number;
  /** When it had answered; undefined while it does. */
  finishedAt: number | undefined;
};

export type ToolCallView = {
  kind: 'tool_call';
  id: string;
  /** The model's own id of the call; unknown for runs of before it was told. */
  toolUseId: string | undefined;
  name: string;
  status: ExecutionEventData['tool_call']['status'];
  /** As its server says: false for a tool that may change something. */
  isReadOnly: boolean | undefined;
  arguments: unknown;
  preview: string | undefined;
  /** What the model was given as its answer. */
  answer: unknown;
  error: string | undefined;
  startedAt: number;
  durationMs: number | undefined;
};
/** The step was begun again, after a person decided or a failure that may pass. */
export type AgainView = { kind: 'again'; id: string; pause: Pause | undefined };
export type ItemView = TurnView | ToolCallView | AgainView;

export type StepView = {
  id: number;
  status: ExecutionEventData['step']['status'];
  asked: string | undefined;
  output: string | undefined;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  /** When the model was last given something to answer. */
  heardAt: number | undefined;
  items: ItemView[];
};

export type RunView = {
  status: ExecutionStatus | undefined;
  steps: readonly StepView[];
  usage: Usage | undefined;
  /** What was used by the model calls that are over. */
  settled: Usage | undefined;
  /** When it stood still: queued, or waiting for a person. */
  pauses: readonly Pause[];
  /** The first and the last time that is known of it, in milliseconds since 1970. */
  from: number | undefined;
  to: number | undefined;
  lastSeq: number;
  isOver: boolean;
};

/** What the agent's program says in the place of a model that gave no answer, is none of the model's. */
export const isAnswered = ({ model }: TurnView): boolean => model !== '<synthetic>';
