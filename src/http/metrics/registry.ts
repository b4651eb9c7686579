/**
 * What Prometheus is told. Labels are words of this program alone (statuses, codes, routes, classes of tokens): no name that a
 * person chose, no content, no id, so that who watches a hundred VMs learns nothing of what they are for.
 */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { EndedExecution } from '../../executions/ended-since.ts';
import { executionMetrics } from './execution-metrics.ts';
import { metersOf } from './meters.ts';
import { type Standing, stateMetrics } from './state-metrics.ts';

export type Metrics = {
  registry: Registry;
  /** A request that was answered; `route` is its pattern. */
  answered(request: { method: string; route: string; status: number; seconds: number }): void;
  ended(executions: readonly EndedExecution[]): void;
  stands(seen: Standing): void;
};

export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const meters = metersOf(registry);
  meters.gauge('alfred_build_info', 'The version that runs; always 1', ['version']).set({ version }, 1);
  const countExecution = executionMetrics(meters);
  const requests = meters.counter('alfred_http_requests_total', 'Requests answered', [
    'method',
    'route',
    'status',
  ]);
  const took = meters.histogram(
    'alfred_http_request_duration_seconds',
    'How long requests took; streams until their end',
    ['route'],
    [0.005, 0.02, 0.05, 0.1, 0.5, 1, 5, 30],
  );
  return {
    registry,
    answered({ method, route, status, seconds }) {
      requests.inc({ method, route, status });
      took.observe({ route }, seconds);
    },
    ended(executions) {
      for (const each of executions) countExecution(each);
    },
    stands: stateMetrics(meters),
  };
}
