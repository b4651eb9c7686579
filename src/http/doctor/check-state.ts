/** The queue, the schedules, the clock, and how much the database has to do. */
import type { Stopped } from '../../contract/budget.ts';
import type { Finding } from '../../contract/doctor.ts';
import type { Database } from '../../database/client.ts';
import type { VmState } from '../metrics/read-state.ts';
import { count, span } from './words.ts';

/** In seconds. A job that nobody takes for so long, while nothing runs, waits for nothing. */
const stuckAfter = 60;
const slowAfter = 15 * 60;

export function checkQueue(id: string, { queues, executions, workers }: VmState): Finding {
  const queue = queues.find(({ name }) => name === 'execution.run');
  const { depth = 0, oldestSeconds = 0 } = queue ?? {};
  const processes = workers.reduce((sum, each) => sum + each.count, 0);
  const waiting = `${count(depth, 'run')} waiting, the oldest for ${span(oldestSeconds)}`;
  if (depth > 0 && oldestSeconds > stuckAfter && executions.running === 0) {
    const remedy = 'look into the log for errors of the runner or the queue, then restart: npm start';
    return { id, state: 'bad', message: `${waiting}, and nothing takes them`, remedy };
  }
  if (oldestSeconds > slowAfter) {
    const remedy =
      'raise ALFRED_CONCURRENCY, start another worker (npx alfred worker), or see what runs so long';
    return { id, state: 'warn', message: waiting, remedy };
  }
  const running = `${count(executions.running, 'run')} under way in ${processes} process${processes === 1 ? '' : 'es'}`;
  return { id, state: 'good', message: depth > 0 ? `${waiting}; ${running}` : `nobody waits; ${running}` };
}

export function checkSchedules(id: string, { schedules }: VmState, stopped: Stopped | undefined): Finding {
  const { active, behind, lagSeconds } = schedules;
  if (behind === 0)
    return {
      id,
      state: 'good',
      message: active === 0 ? 'none' : `${count(active, 'schedule')}, all in time`,
    };
  const message = `${count(behind, 'schedule')} of ${active} did not fire, the first ${span(lagSeconds)} ago`;
  return stopped
    ? { id, state: 'warn', message: `${message}: everything is stopped`, remedy: 'npx alfred go-on' }
    : { id, state: 'bad', message, remedy: 'look into the log for the scheduler, then restart: npm start' };
}

/** In seconds: signatures of webhooks and of Core allow five minutes. */
const noticeable = 5;
const harmful = 60;

type Jump = { jumpedAt: Date | null; jumpedMs: number | null; isAhead: boolean | null };
type ClockRow = Jump & { now: Date; latest: Date | null };

/** For so long a jump is worth a word, in milliseconds. */
const recent = 7 * 86_400_000;

function jumpOf(id: string, now: Date, { jumpedAt, jumpedMs, isAhead }: Jump): Finding | undefined {
  if (jumpedAt === null || jumpedMs === null || Math.abs(now.getTime() - jumpedAt.getTime()) > recent)
    return undefined;
  const far = `${span(Math.abs(jumpedMs) / 1000)} ${jumpedMs > 0 ? 'ahead' : 'back'}`;
  return {
    id,
    state: 'warn',
    message: `the clock jumped ${far} (${jumpedAt.toISOString()})${isAhead ? '; for a day nothing is dropped or ended for being too old by it' : ''}`,
    remedy: 'see that a time service keeps it; all jumps: npx alfred audit list --action clock.jumped',
  };
}

/** This machine's clock beside the database's, and beside what was written before. */
export async function checkClock(id: string, { pool }: Pick<Database, 'pool'>): Promise<Finding> {
  const asked = Date.now();
  const { rows } = await pool.query<ClockRow>(
    `SELECT clock_timestamp() AS now, (SELECT max(created_at) FROM executions) AS latest,
       jumped_at AS "jumpedAt", jumped_ms::float8 AS "jumpedMs", ahead_ms > 0 AS "isAhead"
     FROM (SELECT) AS one LEFT JOIN clock ON true`,
  );
  const answered = Date.now();
  const [row] = rows;
  if (!row) throw new Error('A SELECT without FROM gives one row');
  const { now, latest, ...jump } = row;
  const skew = Math.max(0, asked - now.getTime(), now.getTime() - answered) / 1000;
  const remedy =
    'let a time service keep the clock (systemd-timesyncd, chrony) on this machine and the database’s';
  const known = jumpOf(id, now, jump);
  // What was written by a clock that was ahead is still to come; nothing waits for it.
  if (latest && latest.getTime() - answered > harmful * 1000 && (jump.jumpedMs ?? 0) >= 0) {
    const message = `the latest run is from ${latest.toISOString()}, which is still to come: the clock was set back`;
    return { id, state: 'bad', message, remedy };
  }
  if (skew <= noticeable)
    return known ?? { id, state: 'good', message: `agrees with the database’s (${now.toISOString()})` };
  const message = `${span(skew)} apart from the database’s`;
  return { id, state: skew > harmful ? 'bad' : 'warn', message, remedy };
}

const slowMs = 250;
const nearlyFull = 0.85;

export async function checkLoad(
  id: string,
  { pool }: Pick<Database, 'pool'>,
  { database }: VmState,
): Promise<Finding> {
  const began = performance.now();
  const { rows } = await pool.query<{ most: number }>(
    `SELECT setting::int AS most FROM pg_settings WHERE name = 'max_connections'`,
  );
  const ms = Math.round(performance.now() - began);
  const { most = 100 } = rows[0] ?? {};
  const size = `${(database.bytes / 1e6).toFixed(0)} MB`;
  if (database.connections > most * nearlyFull) {
    const message = `${database.connections} of ${most} sessions are in use`;
    return {
      id,
      state: 'bad',
      message,
      remedy: 'run fewer workers on it, or raise max_connections of PostgreSQL',
    };
  }
  const message = `answers in ${ms} ms; ${database.connections} of ${most} sessions; ${size}`;
  if (ms <= slowMs) return { id, state: 'good', message };
  return { id, state: 'warn', message, remedy: 'see what else the machine or the database does' };
}
