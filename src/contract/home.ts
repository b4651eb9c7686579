/** What is told first, in the console's Home and by `alfred home`: who needs the owner, what was found out, what comes. */
import type { Connection } from './connections.ts';
import type { ListedExecution } from './executions.ts';
import type { Skill } from './skills.ts';

/** How a connection stands. */
export type Standing = Pick<Connection, 'name' | 'status' | 'approved' | 'isActive' | 'lastError'>;

/** Those that are switched on and need a person. */
export const troubledIn = <One extends Standing>(connections: readonly One[]): One[] =>
  connections.filter(
    ({ status, approved, isActive }) =>
      isActive && (!approved || status === 'error' || status === 'changed' || status === 'needs_login'),
  );

/** Why such a connection needs one, in a sentence. */
export function troubleOf({ approved, status, lastError }: Standing): string {
  if (!approved) return 'It waits for your approval.';
  if (status === 'changed') return 'Its tools have changed: look at them before they are used again.';
  if (status === 'needs_login') return 'It needs you to sign in.';
  return lastError ?? 'It does not work.';
}

export type Letter = { row: ListedExecution; earlier: number };

/** So many are told whole; of the others there is the list. */
const mostLetters = 6;

/**
 * Of each skill the latest run that ended, unread before read; what only answers in a conversation was read there.
 *
 * @param rows newest first
 * @param most how many are told
 */
export function lettersIn(rows: readonly ListedExecution[], most = mostLetters): Letter[] {
  const ended = rows.filter(
    ({ status, mode, skillSlug }) =>
      mode !== 'replay' && skillSlug !== 'chat' && (status === 'succeeded' || status === 'failed'),
  );
  return [...Map.groupBy(ended, ({ skillSlug }) => skillSlug).values()]
    .flatMap(([row, ...earlier]) => (row === undefined ? [] : [{ row, earlier: earlier.length }]))
    .sort((a, b) => Number(b.row.unread) - Number(a.row.unread))
    .slice(0, most);
}

/** `isPaused`: its schedule is, or was; whoever tells it knows the time. */
export type Coming = { slug: string; name: string; at: string; isPaused: boolean };

/** What runs by itself next, soonest first. */
export const comingIn = (
  skills: readonly Pick<Skill, 'slug' | 'name' | 'nextRunAt' | 'isActive' | 'triggerConfig'>[],
): Coming[] =>
  skills
    .flatMap(({ slug, name, nextRunAt, isActive, triggerConfig }) =>
      nextRunAt && isActive ? [{ slug, name, at: nextRunAt, isPaused: 'pausedUntil' in triggerConfig }] : [],
    )
    .sort((a, b) => a.at.localeCompare(b.at));
