/**
 * What Prometheus is told. Labels are words of this program alone (statuses, codes, routes, classes of tokens): no name that a
 * person chose, no content, no id, so that who watches a hundred VMs learns nothing of what they are for.
 */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { EndedExecution } from '../../executions/ended-since.ts';
import { type Meters, metersOf } from '../../web/meters.ts';
import { executionMetrics } from './execution-metrics.ts';
import { type Standing, stateMetrics } from './state-metrics.ts';

export type Metrics = {
  registry: Registry;
  meters: Meters;
  ended(executions: readonly EndedExecution[]): void;
  stands(seen: Standing): void;
};

export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const meters = metersOf(registry);
  meters.gauge('alfred_build_info', 'The version that runs; always 1', ['version']).set({ version }, 1);
  const countExecution = executionMetrics(meters);
  return {
    registry,
    meters,
    ended(executions) {
      for (const each of executions) countExecution(each);
    },
    stands: stateMetrics(meters),
  };
}
