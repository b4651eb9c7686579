/** How executions stand, without their schemas: the console's first script goes by this. */

export const executionModes = ['live', 'rehearsal', 'replay'] as const;
export const executionStatuses = [
  'queued',
  'running',
  'waiting_approval',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

/** Whether the built-in rehearsal model answers a run: then it costs nothing. */
export const isRehearsed = ({ mode, model }: { mode: string; model: string | null }): boolean =>
  mode === 'rehearsal' || model === 'rehearsal';

/** Which status may follow which. Everything else about statuses is derived from this table. */
export const executionTransitions: Record<ExecutionStatus, readonly ExecutionStatus[]> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['queued', 'waiting_approval', 'succeeded', 'failed', 'cancelled'],
  waiting_approval: ['queued', 'running', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
};
export const isFinal = (status: ExecutionStatus): boolean => executionTransitions[status].length === 0;
