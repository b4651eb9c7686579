/** How the VM stands at the moment that it is asked. */
import type { Budget, Stopped } from '../../contract/budget.ts';
import type { Meters } from '../../web/meters.ts';
import type { VmState } from './read-state.ts';

export type Standing = { state: VmState; budget: Budget; stopped: Stopped | undefined };

/** @returns what takes down how it stands */
export function stateMetrics(meters: Meters): (seen: Standing) => void {
  const { gauge } = meters;
  const stopped = gauge('alfred_stopped', '1 after stop-all, until go-on');
  const open = gauge('alfred_executions_open', 'Executions that have not ended', ['status']);
  const depth = gauge('alfred_queue_depth', 'Jobs that could begin now', ['queue']);
  const oldest = gauge('alfred_queue_oldest_seconds', 'For how long the oldest of them could have begun', [
    'queue',
  ]);
  const failedJobs = gauge('alfred_queue_failed', 'Jobs that were given up, kept for two weeks', ['queue']);
  const schedules = gauge('alfred_schedules', 'Skills that fire by a schedule');
  const behind = gauge('alfred_schedules_behind', 'Of them, those whose time passed and that did not fire');
  const lag = gauge('alfred_schedule_lag_seconds', 'For how long the earliest of them has been due');
  const connections = gauge('alfred_connections', 'Connections by health', ['status']);
  const workers = gauge('alfred_workers', 'Processes that run executions', ['kind']);
  const sessions = gauge('alfred_database_connections', 'Sessions on the database');
  const bytes = gauge('alfred_database_bytes', 'Size of the database');
  const audit = gauge('alfred_audit_waiting', 'Acts on record that are not chained yet');
  const spend = spendMetrics(meters);
  const labelled = [open, depth, oldest, failedJobs, connections, workers];

  return ({ state, budget, stopped: halt }) => {
    // A status that nothing has any more must not stand there for ever.
    for (const each of labelled) each.reset();
    stopped.set(halt ? 1 : 0);
    for (const [status, count] of Object.entries(state.executions)) open.set({ status }, count);
    for (const queue of state.queues) {
      depth.set({ queue: queue.name }, queue.depth);
      oldest.set({ queue: queue.name }, queue.oldestSeconds);
      failedJobs.set({ queue: queue.name }, queue.failed);
    }
    schedules.set(state.schedules.active);
    behind.set(state.schedules.behind);
    lag.set(state.schedules.lagSeconds);
    for (const { status, count } of state.connections) connections.set({ status }, count);
    for (const { kind, count } of state.workers) workers.set({ kind }, count);
    sessions.set(state.database.connections);
    bytes.set(state.database.bytes);
    audit.set(state.auditWaiting);
    spend(budget);
  };
}

function spendMetrics({ gauge }: Meters): (budget: Budget) => void {
  const spent = gauge('alfred_spend_usd', 'Spent in the running day and month, in US dollars', ['period']);
  const held = gauge('alfred_spend_held_usd', 'Set aside for calls under way', ['period']);
  const caps = gauge('alfred_spend_cap_usd', 'The caps, where they are set', ['period']);

  return (budget) => {
    // A cap that is no longer set must not stand there for ever.
    caps.reset();
    for (const period of ['day', 'month'] as const) {
      const { spentUsd, heldUsd, capUsd } = budget[period];
      spent.set({ period }, spentUsd);
      held.set({ period }, heldUsd);
      if (capUsd !== null) caps.set({ period }, capUsd);
    }
  };
}
