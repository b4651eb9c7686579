/** How Core and its fleet stand at this moment, in numbers: what a scrape of `/metrics` asks the database. */
import { type VmState, vmStates } from '../../src/contract/fleet.ts';
import type { CoreDatabase } from '../database.ts';
import { vmStateSql } from './vm-state.ts';

export type Standing = {
  vms: Record<VmState, number>;
  clocksOff: number;
  missingReports: number;
  /** Null before the first. */
  lastReportSeconds: number | null;
  openEnrolments: number;
  users: number;
  acts: number;
  /** Messages of alerts that were not taken yet. */
  alertsWaiting: number;
  /** Sessions of PostgreSQL on this database, and its size. */
  database: { connections: number; bytes: number };
};

export async function readStanding({ pool }: Pick<CoreDatabase, 'pool'>): Promise<Standing> {
  const { rows } = await pool.query<{ standing: Standing }>(
    `WITH seen AS (SELECT v.*, ${vmStateSql} AS state FROM vms v)
     SELECT jsonb_build_object(
       'vms', (SELECT coalesce(jsonb_object_agg(state, n), '{}') FROM (
          SELECT state, count(*) AS n FROM seen GROUP BY state) AS counted),
       'clocksOff', (SELECT count(*) FROM seen WHERE clock_off_at > now() - interval '1 day' AND retired_at IS NULL),
       'missingReports', (SELECT coalesce(sum(last_counter - counted_reports), 0) FROM seen
          WHERE last_counter IS NOT NULL AND retired_at IS NULL),
       'lastReportSeconds', (SELECT extract(epoch FROM now() - max(last_report_at))::float8 FROM seen),
       'openEnrolments', (SELECT count(*) FROM enrolments WHERE vm_id IS NULL AND expires_at > now()),
       'users', (SELECT count(*) FROM users WHERE removed_at IS NULL),
       'acts', (SELECT coalesce(max(seq), 0) FROM acts),
       'alertsWaiting', (SELECT count(*) FROM alert_messages WHERE delivered_at IS NULL AND given_up_at IS NULL),
       'database', jsonb_build_object(
          'connections', (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
          'bytes', pg_database_size(current_database()))) AS standing`,
  );
  const standing = rows[0]?.standing;
  if (!standing) throw new Error('A SELECT without FROM gives one row');
  // A state that no VM has is told as none.
  const none = Object.fromEntries(vmStates.map((state) => [state, 0]));
  return { ...standing, vms: { ...none, ...standing.vms } as Standing['vms'] };
}
