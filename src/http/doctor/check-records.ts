/** The record's chain, and what is reported to Core. */
import { readConfig } from '../../config/read-config.ts';
import type { Finding } from '../../contract/doctor.ts';
import type { Database } from '../../database/client.ts';
import { count, span } from './words.ts';

/** In seconds; the appender looks four times a second. */
const chainedWithin = 60;

export async function checkAudit(id: string, { pool }: Pick<Database, 'pool'>): Promise<Finding> {
  const { rows } = await pool.query<{ waiting: number; oldest: number | null; seq: string | null }>(
    `SELECT count(*)::int AS waiting, extract(epoch FROM now() - min(at))::float8 AS oldest,
       (SELECT seq FROM audit_head) AS seq FROM audit_inbox`,
  );
  const { waiting = 0, oldest = 0, seq } = rows[0] ?? {};
  if (waiting > 0 && (oldest ?? 0) > chainedWithin) {
    const message = `not chained yet: ${count(waiting, 'act')} on record, the oldest for ${span(oldest ?? 0)}`;
    return {
      id,
      state: 'bad',
      message,
      remedy: 'look into the log for the audit chain, then restart: npm start',
    };
  }
  return {
    id,
    state: 'good',
    message: `${seq ?? 0} acts are chained; verify them with: npx alfred audit verify`,
  };
}

/** A report that Core has not acknowledged for so long, in seconds. */
const overdue = 2 * 3600;
const longOverdue = 24 * 3600;

export async function checkCore(id: string, db: Pick<Database, 'pool' | 'prisma'>): Promise<Finding> {
  const {
    core_url: url,
    core_copied: copied,
    core_clock_off: ahead,
  } = await readConfig(db.prisma, 'core_url', 'core_copied', 'core_clock_off');
  if (url === undefined) return { id, state: 'good', message: 'standalone: no Core is told anything' };
  if (copied !== undefined) {
    const message = `${url} has other reports of this VM: another copy of it reports, or its database was set back; nothing is reported since ${copied}`;
    const remedy =
      'on a copy: npx alfred core unlink. On the one that stays, or was set back: npx alfred core reconcile';
    return { id, state: 'bad', message, remedy };
  }
  const { rows } = await db.pool.query<{
    waiting: number;
    oldest: number | null;
    error: string | null;
    acknowledged: Date | null;
  }>(
    `SELECT count(*) FILTER (WHERE acknowledged_at IS NULL)::int AS waiting,
       extract(epoch FROM now() - min(created_at) FILTER (WHERE acknowledged_at IS NULL))::float8 AS oldest,
       (array_agg(last_error ORDER BY created_at DESC) FILTER (WHERE acknowledged_at IS NULL))[1] AS error,
       max(acknowledged_at) AS acknowledged
     FROM metric_reports WHERE abandoned_at IS NULL`,
  );
  const { waiting = 0, oldest, error, acknowledged } = rows[0] ?? {};
  const age = oldest ?? 0;
  if (waiting > 0 && age > overdue) {
    const why = error ? `: ${error}` : '';
    const message = `${url} has not acknowledged ${count(waiting, 'report')}, the oldest for ${span(age)}${why}`;
    const remedy = 'see that Core can be reached; nothing is lost meanwhile: npx alfred core status';
    return { id, state: age > longOverdue ? 'bad' : 'warn', message, remedy };
  }
  if (waiting > 0 && error?.startsWith('Core refused')) {
    // Time does not help: a VM that is suspended or retired there, or a report that does not fit.
    const message = `${url} does not take ${count(waiting, 'report')}: ${error}`;
    const remedy =
      'ask whoever runs Core. Where this VM is retired there: npx alfred core unlink, then link it anew with a token';
    return { id, state: 'warn', message, remedy };
  }
  if (ahead !== undefined) {
    const message = `this machine's clock is ${span(Math.abs(ahead) / 1000)} ${ahead > 0 ? 'ahead of' : 'behind'} Core's at ${url}: reports are counted on the wrong day`;
    return { id, state: 'warn', message, remedy: 'set the clock of this machine, or have it kept by NTP' };
  }
  const last = acknowledged ? `acknowledged up to ${acknowledged.toISOString()}` : 'nothing was reported yet';
  return { id, state: 'good', message: `${url}, ${last}` };
}
