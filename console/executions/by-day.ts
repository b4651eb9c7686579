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

/**
 * Rows in their order, under the days of the reader's zone. A day is named once: to name one takes longer than to look at a hundred rows.
 *
 * @param rows the latest first
 */
export function byDay(rows: readonly ListedExecution[], now: number, hasMore: boolean): Day[] {
  const days: Day[] = [];
  let [begin, end] = [0, 0];
  for (const row of rows) {
    const time = Date.parse(row.createdAt);
    const same = time >= begin && time < end ? days.at(-1) : undefined;
    if (same === undefined) {
      [begin, end] = bordersOf(time);
      days.push({ name: dayName(time, now), rows: [row], costUsd: row.costUsd ?? 0, isWhole: true });
    } else {
      same.rows.push(row);
      same.costUsd += row.costUsd ?? 0;
    }
  }
  const last = days.at(-1);
  if (last !== undefined) last.isWhole = !hasMore;
  return days;
}

/** When the day of a moment begins and ends, in milliseconds. */
function bordersOf(time: number): [begin: number, end: number] {
  const day = new Date(time);
  day.setHours(0, 0, 0, 0);
  const begin = day.getTime();
  day.setDate(day.getDate() + 1);
  return [begin, day.getTime()];
}
