/** What fails again and again: connections, and skills that nobody watches. */
import type { Finding } from '../../contract/doctor.ts';
import type { Database } from '../../database/client.ts';
import { count, names } from './words.ts';

const troubled = {
  error: 'failing',
  needs_login: 'to be signed in',
  changed: 'with tools that changed',
} as const;
const remedies = {
  error: 'see why: npx alfred connection test',
  needs_login: 'sign in again: npx alfred connection show',
  changed: 'read what changed and approve it: npx alfred connection approve',
} as const;

/** A connection that an active skill needs is bad, another is only worth a word. */
export async function checkConnections(id: string, { pool }: Pick<Database, 'pool'>): Promise<Finding> {
  const { rows } = await pool.query<{ name: string; status: string; needed: boolean }>(
    `SELECT name, status::text, EXISTS (
       SELECT FROM skills s WHERE s.is_active AND c.name = ANY(s.connection_names)) AS needed
     FROM connections c WHERE is_active ORDER BY name`,
  );
  const wrong = rows.filter(({ status }) => Object.hasOwn(troubled, status));
  const kinds = (Object.keys(troubled) as (keyof typeof troubled)[]).filter((kind) =>
    wrong.some(({ status }) => status === kind),
  );
  const [first] = kinds;
  if (first === undefined)
    return { id, state: 'good', message: `${count(rows.length, 'connection')}, none in trouble` };
  const of = (kind: string) => wrong.filter(({ status }) => status === kind).map(({ name }) => name);
  return {
    id,
    state: wrong.some(({ needed }) => needed) ? 'bad' : 'warn',
    message: kinds
      .map((kind) => `${count(of(kind).length, 'connection')} ${troubled[kind]}: ${names(of(kind))}`)
      .join('; '),
    remedy: `${remedies[first]} ${of(first)[0] ?? ''}`.trim(),
  };
}

const inARow = 3;

/** Skills with a schedule or a webhook whose last runs all failed: nobody sits there and sees it. */
export async function checkTriggers(id: string, { pool }: Pick<Database, 'pool'>): Promise<Finding> {
  const { rows } = await pool.query<{ slug: string; failed: boolean; code: string | null }>(
    `SELECT s.slug, last.code,
       last.number = $1 AND last.failed AS failed
     FROM skills s CROSS JOIN LATERAL (
       SELECT count(*) AS number, bool_and(status = 'failed') AS failed, (array_agg(error_code))[1] AS code FROM (
         SELECT status, error_code FROM executions e
         WHERE e.skill_id = s.id AND e.completed_at IS NOT NULL ORDER BY created_at DESC LIMIT $1
       ) AS recent
     ) AS last
     WHERE s.is_active AND s.trigger_type IN ('schedule', 'webhook') ORDER BY s.slug`,
    [inARow],
  );
  const failing = rows.filter(({ failed }) => failed);
  const [first] = failing;
  if (!first)
    return {
      id,
      state: 'good',
      message: `${count(rows.length, 'skill')} start by themselves, none fails each time`,
    };
  const slugs = failing.map(({ slug, code }) => `${slug} (${code ?? 'no code'})`);
  return {
    id,
    state: 'bad',
    message: `the last ${inARow} runs failed of ${names(slugs)}`,
    remedy: `see why: npx alfred execution list --status failed --skill ${first.slug}`,
  };
}
