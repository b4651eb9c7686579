/** What executions are looked for by, as conditions of SQL on `executions AS e`. */
import type { ExecutionFilter } from '../contract/executions.ts';
import { timeNow } from '../kernel/clock.ts';
import { newsDays } from './read-executions.ts';

/** News of the owner's: it started by itself, ended lately, and nobody has read it. */
export const isUnread = `(e.mode = 'live' AND e."trigger" IN ('schedule', 'webhook') AND e.status IN ('succeeded', 'failed')
  AND e.completed_at > now() - make_interval(days => ${newsDays})
  AND NOT EXISTS (SELECT FROM execution_reads WHERE execution_id = e.id))`;

const pinned = `EXISTS (SELECT FROM execution_marks WHERE execution_id = e.id AND pinned_at IS NOT NULL)`;

const unit: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** The filter with `since` as a time: whichever of both is later. */
export function withSince<F extends ExecutionFilter>({ since, ...filter }: F): Omit<F, 'since'> {
  const [, count, letter] = /^(\d+)([mhdw])$/.exec(since ?? '') ?? [];
  if (count === undefined) return filter;
  const begin = new Date(timeNow().getTime() - Number(count) * (unit[letter ?? ''] ?? 0)).toISOString();
  return { ...filter, from: filter.from !== undefined && filter.from > begin ? filter.from : begin };
}

/** Whether something is asked for that stands in no search document. */
export const isBeside = ({ model, connection, pinned: isPinned, rating, unread }: ExecutionFilter): boolean =>
  [model, connection, isPinned, rating, unread].some((value) => value !== undefined);

/**
 * Everything but words.
 *
 * @param values of the parameters; more are added
 */
export function conditionsOf(filter: ExecutionFilter, values: unknown[]): string[] {
  const compared = Object.entries({
    'e.status = $': filter.status,
    'e.skill_slug = $': filter.skill,
    'e."trigger" = $': filter.trigger,
    'e.mode = $': filter.mode,
    'e.cost_usd >= $': filter.minCostUsd,
    'e.cost_usd <= $': filter.maxCostUsd,
    'e.created_at >= $': filter.from,
    'e.created_at < $': filter.to,
    'e.model = $': filter.model,
    'EXISTS (SELECT FROM tool_calls AS c WHERE c.execution_id = e.id AND c.connection = $)':
      filter.connection,
    'EXISTS (SELECT FROM execution_marks AS m WHERE m.execution_id = e.id AND m.rating = $)': filter.rating,
  }).flatMap(([condition, value]) =>
    value === undefined ? [] : [condition.replace('$', () => `$${values.push(value)}`)],
  );
  const either = (condition: string, wanted: boolean | undefined): string[] =>
    wanted === undefined ? [] : [wanted ? condition : `NOT ${condition}`];
  return [...compared, ...either(pinned, filter.pinned), ...either(isUnread, filter.unread)];
}

/**
 * The words of a search, which only what has ended can have: its index answers it.
 *
 * @param words a tsquery
 */
export const hasWords = (words: string, values: unknown[]): string =>
  `e.completed_at IS NOT NULL AND execution_search_document(e.status, e.mode, e."trigger", e.skill_slug, e.cost_usd, e.created_at,
    e.input, e.output, e.error) @@ $${values.push(words)}::tsquery`;
