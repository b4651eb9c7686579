/** How this program's metrics are made: a name, a word of help, and labels that are words of this program. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type Meters = {
  counter(name: string, help: string, labelNames?: string[]): Counter;
  gauge(name: string, help: string, labelNames?: string[]): Gauge;
  /** @param buckets in seconds */
  histogram(name: string, help: string, labelNames: string[], buckets: number[]): Histogram;
};

export function metersOf(registry: Registry): Meters {
  const registers = [registry];
  return {
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers }),
    gauge: (name, help, labelNames = []) => new Gauge({ name, help, labelNames, registers }),
    histogram: (name, help, labelNames, buckets) =>
      new Histogram({ name, help, labelNames, buckets, registers }),
  };
}
