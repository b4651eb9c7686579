/** What the record of acts says last of each row that an act was about. */
import type { Database } from '../../database/client.ts';
import type { Findings } from './findings.ts';

export type Pool = Database['pool'];

/** Puts on the list that a row is not as it should be. */
export const altered = (
  findings: Findings,
  table: string,
  name: string,
  what = 'is not as this VM wrote it',
) => findings.add('row', null, `The row ${table}/${name} ${what}.`, `${table}/${name}`);

export type Act = { action: string; actor: string; data: Record<string, unknown> | null };

/**
 * A table of the last of these acts for each subject; those that are not chained yet count as well. Joined with the rows that
 * they are about in one statement, so that all is of one moment.
 */
export const lastActs = (actions: readonly string[], by = 'subject'): string => {
  const wanted = `action IN (${actions.map((action) => `'${action}'`).join(', ')})`;
  return `(SELECT DISTINCT ON (subject) subject, action, actor, data FROM (
    SELECT ${by} AS subject, seq, NULL::uuid AS id, action, actor, data FROM audit_events WHERE ${wanted}
    UNION ALL SELECT ${by}, NULL, id, action, actor, data FROM audit_inbox WHERE ${wanted}) AS one
    WHERE subject IS NOT NULL ORDER BY subject, seq DESC NULLS FIRST, id DESC)`;
};
