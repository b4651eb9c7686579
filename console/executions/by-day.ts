import type { ListedExecution } from '../../src/contract/executions.ts';
import { dayName } from '../ui/format.ts';

export type Day = {
  name: string;
  rows: ListedExecution[];
  /** Of what has a known price. */
  costUsd: number;
  /** Whether all of its rows are here: more may come of the last one. */
  isWhole: boolean;
};

/** Rows in their order, under the days of the reader's zone. */
export function byDay(rows: readonly ListedExecution[], now: number, hasMore: boolean): Day[] {
  const days = Map.groupBy(rows, ({ createdAt }) => dayName(Date.parse(createdAt), now));
  const last = [...days.keys()].at(-1);
  return [...days].map(([name, ofDay]) => ({
    name,
    rows: ofDay,
    costUsd: ofDay.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
    isWhole: !hasMore || name !== last,
  }));
}
