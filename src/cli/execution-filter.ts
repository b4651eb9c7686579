/** Filters of executions as they are typed, and as the API takes them. */
import type { z } from 'zod';
import type { executionFilterSchema } from '../contract/executions.ts';
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
  model?: string;
  connection?: string;
  rating?: string;
  pinned?: boolean;
  unread?: boolean;
};

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const isAgo = (text: string | undefined): boolean => /^[1-9]\d{0,3}[mhdw]$/.test(text ?? '');

export type Filter = z.input<typeof executionFilterSchema>;

/** @throws a usage problem for what is no time or amount */
export function filterOf(options: FilterOptions, now: Date): Filter {
  const { status, skill, trigger, mode, from, to, minCost, maxCost, search, model, connection } = options;
  // Words as they were typed: the server says what it knows of them.
  const words = { status, skill, trigger, mode, rating: options.rating } as Pick<
    Filter,
    'status' | 'skill' | 'trigger' | 'mode' | 'rating'
  >;
  // So long ago: counted by the VM, and anew where it is saved.
  const since = isAgo(from) ? from : undefined;
  return {
    ...words,
    since,
    from: from === undefined || since !== undefined ? undefined : readTime('--from', from, now),
    to: to === undefined ? undefined : readTime('--to', to, now),
    minCostUsd: minCost === undefined ? undefined : readAmount('--min-cost', minCost),
    maxCostUsd: maxCost === undefined ? undefined : readAmount('--max-cost', maxCost),
    q: search,
    model,
    connection,
    pinned: options.pinned === true ? 'true' : undefined,
    unread: options.unread === true ? 'true' : undefined,
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

/** A filter as it is kept: what was given, as text. */
export const textsOf = (filter: Filter): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
