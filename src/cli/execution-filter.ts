/** Filters of executions as they are typed, and as the API takes them. */
import type { z } from 'zod';
import type { executionQuerySchema } from '../contract/executions.ts';
import { usageProblem } from './problem.ts';

export type FilterOptions = {
  status?: string;
  skill?: string;
  trigger?: string;
  mode?: string;
  from?: string;
  to?: string;
  minCost?: string;
  maxCost?: string;
  search?: string;
};

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

type Filter = Omit<z.input<typeof executionQuerySchema>, 'limit' | 'cursor'>;

/** @throws a usage problem for what is no time or amount */
export function filterOf(options: FilterOptions, now: Date): Filter {
  const { status, skill, trigger, mode, from, to, minCost, maxCost, search } = options;
  // Words as they were typed: the server says what it knows of them.
  const words = { status, skill, trigger, mode } as Pick<Filter, 'status' | 'skill' | 'trigger' | 'mode'>;
  return {
    ...words,
    from: from === undefined ? undefined : readTime('--from', from, now),
    to: to === undefined ? undefined : readTime('--to', to, now),
    minCostUsd: minCost === undefined ? undefined : readAmount('--min-cost', minCost),
    maxCostUsd: maxCost === undefined ? undefined : readAmount('--max-cost', maxCost),
    q: search,
  };
}

/** A day begins where the person is; `7d` is so long ago. */
function readTime(option: string, text: string, now: Date): string {
  const ago = /^(\d{1,5})([mhdw])$/.exec(text);
  const local = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text;
  const time = ago
    ? new Date(now.getTime() - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0))
    : new Date(/^\d{4}-\d\d-\d\dT/.test(local) ? local : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw usageProblem(
    `${option} ${text} is no time`,
    'write 2026-11-22, 2026-11-22T07:00Z, or 90m, 36h, 7d, 2w for so long ago',
  );
}

function readAmount(option: string, text: string): string {
  if (/^\d{1,6}(\.\d{1,6})?$/.test(text)) return text;
  throw usageProblem(`${option} ${text} is no amount`, 'write US dollars, such as 0.50');
}
