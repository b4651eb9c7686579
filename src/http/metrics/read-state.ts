/** How the VM stands at this moment, in numbers: what a scrape of `/metrics` asks the database. */
import type { Database } from '../../database/client.ts';

export type VmState = {
  executions: Record<'queued' | 'running' | 'waiting_approval', number>;
  /** By the name of the queue: jobs that could begin now, and for how long the oldest could have; in seconds. */
  queues: { name: string; depth: number; oldestSeconds: number; failed: number }[];
  schedules: { active: number; behind: number; lagSeconds: number };
  connections: { status: string; count: number }[];
  workers: { kind: string; count: number }[];
  /** Sessions of PostgreSQL on this database, and its size. */
  database: { connections: number; bytes: number };
  auditWaiting: number;
};

/** A schedule is behind when its time passed so long ago, in seconds; the scheduler looks every second. */
const behindAfterSeconds = 90;

/** Reads it in one statement, from indexes. No name that a person chose is in the answer. */
export async function readState({ pool }: Pick<Database, 'pool'>): Promise<VmState> {
  const { rows } = await pool.query<{ state: VmState }>(
    `SELECT jsonb_build_object(
       'executions', (SELECT jsonb_build_object(
          'queued', count(*) FILTER (WHERE status = 'queued'),
          'running', count(*) FILTER (WHERE status = 'running'),
          'waiting_approval', count(*) FILTER (WHERE status = 'waiting_approval'))
        FROM executions WHERE status IN ('queued', 'running', 'waiting_approval')),
       'queues', (SELECT coalesce(jsonb_agg(q), '[]') FROM (
          SELECT name,
            count(*) FILTER (WHERE state < 'active' AND start_after <= now()) AS depth,
            coalesce(extract(epoch FROM now() - min(start_after) FILTER (WHERE state < 'active' AND start_after <= now())), 0)::float8 AS "oldestSeconds",
            count(*) FILTER (WHERE state = 'failed') AS failed
          FROM pgboss.job WHERE name NOT LIKE '\\_\\_%' GROUP BY name ORDER BY name) AS q),
       'schedules', (SELECT jsonb_build_object(
          'active', count(*),
          'behind', count(*) FILTER (WHERE next_run_at < now() - make_interval(secs => $1)),
          'lagSeconds', greatest(0, coalesce(extract(epoch FROM now() - min(next_run_at)), 0))::float8)
        FROM skills WHERE is_active AND trigger_type = 'schedule' AND next_run_at IS NOT NULL),
       'connections', (SELECT coalesce(jsonb_agg(c), '[]') FROM (
          SELECT CASE WHEN is_active THEN status::text ELSE 'inactive' END AS status, count(*) AS count
          FROM connections GROUP BY 1 ORDER BY 1) AS c),
       'workers', (SELECT coalesce(jsonb_agg(w), '[]') FROM (
          SELECT kind, count(*) AS count FROM workers GROUP BY kind ORDER BY kind) AS w),
       'database', (SELECT jsonb_build_object(
          'connections', (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
          'bytes', pg_database_size(current_database()))),
       'auditWaiting', (SELECT count(*) FROM audit_inbox)
     ) AS state`,
    [behindAfterSeconds],
  );
  const state = rows[0]?.state;
  if (!state) throw new Error('A SELECT without FROM gives one row');
  return state;
}
