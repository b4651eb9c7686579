/** When a run stood still: a line of time that shows hours of waiting beside seconds of work shows no work. */
import type { ExecutionEventData } from '../../src/contract/events.ts';
import { isFinal } from '../../src/contract/execution-status.ts';

export type Pause = {
  why: 'queued' | 'waiting_approval';
  from: number;
  /** Undefined while it stands still. */
  to: number | undefined;
  /** What went wrong before, where something did. */
  error: string | undefined;
};

/** The pauses after a change of status. */
export function addPause(
  pauses: readonly Pause[],
  { status, error }: ExecutionEventData['status'],
  at: number,
): readonly Pause[] {
  const open = pauses.at(-1);
  if (open && open.to === undefined) {
    // Between a decision and the run it is queued: that is still the wait for the decision.
    return status === 'running' || isFinal(status) ? [...pauses.slice(0, -1), { ...open, to: at }] : pauses;
  }
  if (status !== 'queued' && status !== 'waiting_approval') return pauses;
  return [...pauses, { why: status, from: at, to: undefined, error: error ?? undefined }];
}

/** How long it had worked at a time, in milliseconds since its begin: pauses do not count. */
export function workedBy(pauses: readonly Pause[], from: number, at: number): number {
  const paused = pauses.reduce(
    (sum, pause) => sum + Math.max(0, Math.min(pause.to ?? at, at) - Math.max(pause.from, from)),
    0,
  );
  return Math.max(0, at - from - paused);
}

/** A round step of a time axis, so that about `most` of them fit into a span; in milliseconds. */
export function tickOf(spanMs: number, most: number): number {
  const rough = Math.max(1, spanMs) / most;
  const rounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000];
  const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 960].map((minute) => minute * 60_000);
  return [...rounds, ...minutes].find((round) => round >= rough) ?? 24 * 3_600_000;
}
