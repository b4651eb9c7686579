/**
 * What Prometheus is told. Labels are words of this program alone (statuses, codes, routes, classes of tokens): no name that a
 * person chose, no content, no id, so that who watches a hundred VMs learns nothing of what they are for.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Budget, Stopped } from '../../contract/budget.ts';
import { errorCodes } from '../../contract/errors.ts';
import type { EndedExecution } from '../../executions/ended-since.ts';
import type { VmState } from './read-state.ts';

export type Metrics = {
  registry: Registry;
  /** A request that was answered; `route` is its pattern. */
  answered(request: { method: string; route: string; status: number; seconds: number }): void;
  ended(executions: readonly EndedExecution[]): void;
  stands(seen: { state: VmState; budget: Budget; stopped: Stopped | undefined }): void;
};

const seconds = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });

  gauge('alfred_build_info', 'The version that runs; always 1', ['version']).set({ version }, 1);
  const labels = ['status', 'trigger', 'mode'];
  const ended = counter('alfred_executions_total', 'Executions that ended since this process began', labels);
  const errors = counter('alfred_execution_errors_total', 'Failed and cancelled executions by error code', [
    'code',
  ]);
  const durations = new Histogram({
    name: 'alfred_execution_duration_seconds',
    help: 'How long executions took, from their start to their end',
    ...{ labelNames: ['trigger', 'mode'], buckets: seconds, registers },
  });
  const waits = new Histogram({
    name: 'alfred_execution_wait_seconds',
    help: 'How long executions waited for a worker',
    ...{ labelNames: ['trigger'], buckets: seconds, registers },
  });
  const tokens = counter('alfred_tokens_total', 'Tokens of live executions that ended', ['class']);
  const cost = counter('alfred_cost_usd_total', 'What live executions cost that ended, in US dollars');
  const unpriced = counter('alfred_unpriced_executions_total', 'Live executions whose cost is not known');
  const requests = counter('alfred_http_requests_total', 'Requests answered', ['method', 'route', 'status']);
  const requestSeconds = new Histogram({
    name: 'alfred_http_request_duration_seconds',
    help: 'How long requests took; streams until their end',
    ...{ labelNames: ['route'], buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 1, 5, 30], registers },
  });

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
  const spent = gauge('alfred_spend_usd', 'Spent in the running day and month, in US dollars', ['period']);
  const held = gauge('alfred_spend_held_usd', 'Set aside for calls under way', ['period']);
  const caps = gauge('alfred_spend_cap_usd', 'The caps, where they are set', ['period']);
  const labelled = [open, depth, oldest, failedJobs, connections, workers, spent, held, caps];

  return {
    registry,
    answered({ method, route, status, seconds: took }) {
      requests.inc({ method, route, status });
      requestSeconds.observe({ route }, took);
    },
    ended(executions) {
      for (const each of executions) {
        const { status, trigger, mode, startedAt, createdAt } = each;
        ended.inc({ status, trigger, mode });
        if (each.errorCode !== null) {
          // A later program may have written another code: it is no label of ours.
          errors.inc({ code: Object.hasOwn(errorCodes, each.errorCode) ? each.errorCode : 'other' });
        }
        if (startedAt) {
          durations.observe({ trigger, mode }, each.durationMs / 1000);
          waits.observe({ trigger }, Math.max(0, startedAt.getTime() - createdAt.getTime()) / 1000);
        }
        if (mode !== 'live') continue;
        tokens.inc({ class: 'input' }, each.inputTokens);
        tokens.inc({ class: 'output' }, each.outputTokens);
        tokens.inc({ class: 'cache_read' }, each.cacheReadTokens);
        tokens.inc({ class: 'cache_write' }, each.cacheWriteTokens);
        if (each.costUsd === null) unpriced.inc();
        else cost.inc(each.costUsd);
      }
    },
    stands(seen) {
      // A status that nothing has any more must not stand there for ever.
      for (const each of labelled) each.reset();
      const { state, budget } = seen;
      stopped.set(seen.stopped ? 1 : 0);
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
      for (const period of ['day', 'month'] as const) {
        const { spentUsd, heldUsd, limitUsd } = budget[period];
        spent.set({ period }, spentUsd);
        held.set({ period }, heldUsd);
        if (limitUsd !== null) caps.set({ period }, limitUsd);
      }
    },
  };
}
