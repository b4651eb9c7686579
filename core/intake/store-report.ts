/**
 * Intake of reports. A VM counts its reports, and the number is in the report's id: the next number is taken in one statement; a
 * number that another report has is refused, as two copies of the VM report, or its database was set back.
 */
import type pg from 'pg';
import { counterOf, type MetricReport } from '../../src/contract/core.ts';
import { violatedConstraint } from '../../src/database/violations.ts';
import { millisNow } from '../../src/kernel/clock.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase } from '../database.ts';
import { retired, suspended } from '../registry/enrol.ts';
import { noSuchVm } from '../registry/no-such-vm.ts';

/** A clock may be wrong by this much, in milliseconds. */
const clockSlackMs = 24 * 3_600_000;

/**
 * The report and the day's total in one statement, so in one transaction and one round trip. A report of a month that is
 * closed, or of before the enrolment, becomes an entry.
 *
 * @param isNext the condition on which the VM may report
 * @param clockElse since when its clock is off, where this report is of no time to come
 */
const statement = (isNext: string, clockElse: string): string => `
  WITH vm AS (
    UPDATE vms SET last_report_at = now(),
      last_counter = greatest(last_counter, $9::bigint),
      counted_reports = counted_reports + ($9::bigint IS NOT NULL)::int,
      last_period_end = greatest(last_period_end, least($4::timestamptz, now())),
      clock_off_at = CASE WHEN $10::boolean THEN now() ELSE ${clockElse} END
    WHERE id = $1 AND suspended_at IS NULL AND retired_at IS NULL AND ${isNext}
    RETURNING id, coalesce(owner_id, '00000000-0000-0000-0000-000000000000') AS billed_to,
      (created_at AT TIME ZONE 'UTC')::date - 1 AS since
  ), stored AS (
    INSERT INTO metric_reports (vm_id, report_id, period_start, period_end, executions, duration_ms, tokens)
    SELECT id, $2, $3, $4, $5, $6, $7 FROM vm
    ON CONFLICT DO NOTHING
    RETURNING vm_id, executions, duration_ms, tokens
  ), booked AS (
    SELECT stored.*, billed_to, CASE
      WHEN $8::date < since THEN 'early'
      WHEN EXISTS (SELECT 1 FROM closed_months WHERE month = date_trunc('month', $8::date)::date) THEN 'late'
    END AS kind FROM stored, vm
  ), total AS (
    INSERT INTO daily_totals (vm_id, day, billed_to, executions, duration_ms, tokens)
    SELECT vm_id, $8, billed_to, executions, duration_ms, tokens FROM booked
    WHERE kind IS NULL AND (executions > 0 OR duration_ms > 0 OR tokens > 0)
    ON CONFLICT (vm_id, day, billed_to) DO UPDATE SET
      executions = daily_totals.executions + excluded.executions,
      duration_ms = daily_totals.duration_ms + excluded.duration_ms,
      tokens = daily_totals.tokens + excluded.tokens
  ), entry AS (
    INSERT INTO entries (id, vm_id, kind, day, billed_in, billed_to, executions, duration_ms, tokens)
    SELECT gen_random_uuid(), vm_id, kind, $8,
      CASE WHEN kind = 'late' THEN date_trunc('month', now() AT TIME ZONE 'UTC')::date END,
      billed_to, executions, duration_ms, tokens FROM booked
    WHERE kind IS NOT NULL AND (executions > 0 OR duration_ms > 0 OR tokens > 0)
  )
  SELECT (SELECT count(*) FROM vm)::int AS vm, (SELECT count(*) FROM stored)::int AS stored`;

const next = {
  name: 'store-report',
  text: statement(
    `CASE WHEN $9::bigint IS NULL THEN last_counter IS NULL ELSE coalesce(last_counter, 0) + 1 = $9::bigint END`,
    // A VM's time goes on: a next report of a day before the last one comes of a clock that was set back.
    `CASE WHEN $4::timestamptz < last_period_end - interval '1 day' THEN now() END`,
  ),
};
/** For a VM whose row is held, and whose number is known to be free. */
const held = { name: 'store-odd-report', text: statement('true', 'clock_off_at') };

/**
 * Stores a report. The same report again changes nothing.
 *
 * @returns false when it was stored before
 * @throws AlfredError E_COPIED for a number that another report has; E_VALIDATION for one that takes its day's total beyond
 *   what a VM can do; E_SUSPENDED, E_NOT_FOUND, E_CONFLICT for another report under an id that is taken
 */
export async function storeReport(db: CoreDatabase, vmId: string, report: MetricReport): Promise<boolean> {
  const values = valuesOf(vmId, report);
  const done = await take(db.pool, next, values).catch(async (error: unknown) => {
    // The month was closed between the look at it and the writing.
    if (violatedConstraint(error) !== 'closed_months_hold') throw tooMuch(error) ?? error;
    return await take(db.pool, next, values);
  });
  if (done.stored === 1) return true;
  if (done.vm === 1) return await isSame(db.pool, vmId, report);
  const odd = await storeOddReport(db, vmId, report, values);
  if (odd === 'first copy') {
    await db.prisma.$transaction((tx) =>
      recordAct(tx, { actor: `vm:${vmId}`, action: 'vm.copied', subject: vmId }),
    );
  }
  if (typeof odd === 'string') throw copied();
  return odd;
}

type Statement = { name: string; text: string };

async function take(
  client: pg.Pool | pg.PoolClient,
  query: Statement,
  values: readonly unknown[],
): Promise<{ vm: number; stored: number }> {
  const { rows } = await client.query<{ vm: number; stored: number }>({ ...query, values: [...values] });
  return rows[0] ?? { vm: 0, stored: 0 };
}

/** What the statement is given. A period that ends in a time to come ends now, and the VM's clock is said to be off. */
function valuesOf(vmId: string, report: MetricReport): readonly unknown[] {
  const { reportId, periodStart, periodEnd, executions, durationMs, tokens } = report;
  const end = Date.parse(periodEnd);
  const isAhead = end > millisNow() + clockSlackMs;
  // The period's end is the first moment that is not in it.
  const last = isAhead ? millisNow() : Math.max(Date.parse(periodStart), end - 1);
  const day = new Date(last).toISOString().slice(0, 10);
  const counter = counterOf(reportId);
  return [vmId, reportId, periodStart, periodEnd, executions, durationMs, tokens, day, counter, isAhead];
}

/** A report that is not the next one: the same again, one of those that are missing, or another's. */
async function storeOddReport(
  db: CoreDatabase,
  vmId: string,
  report: MetricReport,
  values: readonly unknown[],
): Promise<boolean | 'copied' | 'first copy'> {
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN');
    const done = await storeWhileHeld(client, vmId, report, values);
    await client.query('COMMIT');
    return done;
  } catch (error) {
    await client.query('ROLLBACK');
    throw tooMuch(error) ?? error;
  } finally {
    client.release();
  }
}

type HeldVm = { suspended: boolean; retired: boolean; copied: boolean };

async function storeWhileHeld(
  client: pg.PoolClient,
  vmId: string,
  report: MetricReport,
  values: readonly unknown[],
): Promise<boolean | 'copied' | 'first copy'> {
  const { rows } = await client.query<HeldVm>(
    `SELECT suspended_at IS NOT NULL AS suspended, retired_at IS NOT NULL AS retired, copied_at IS NOT NULL AS copied
     FROM vms WHERE id = $1 FOR UPDATE`,
    [vmId],
  );
  const [vm] = rows;
  if (!vm) throw noSuchVm();
  if (vm.retired) throw retired();
  if (vm.suspended) throw suspended();
  if ((await findReport(client, vmId, report.reportId)) !== undefined) {
    await client.query('UPDATE vms SET last_report_at = now() WHERE id = $1', [vmId]);
    return await isSame(client, vmId, report);
  }
  // One that does not count comes from before it did: from an older copy.
  const counter = counterOf(report.reportId);
  if (counter === null || (await isTaken(client, vmId, report.reportId))) {
    await client.query('UPDATE vms SET copied_at = now() WHERE id = $1', [vmId]);
    return vm.copied ? 'copied' : 'first copy';
  }
  return (await take(client, held, values)).stored === 1;
}

/** Whether another report has this one's number, with which the ids of both begin. */
async function isTaken(client: pg.PoolClient, vmId: string, reportId: string): Promise<boolean> {
  const number = reportId.slice(0, 13);
  const { rows } = await client.query(
    'SELECT FROM metric_reports WHERE vm_id = $1 AND report_id BETWEEN $2 AND $3 LIMIT 1',
    [vmId, `${number}-8000-8000-000000000000`, `${number}-8fff-bfff-ffffffffffff`],
  );
  return rows.length > 0;
}

type KeptReport = {
  periodStart: Date;
  periodEnd: Date;
  executions: string;
  durationMs: string;
  tokens: string;
};

async function findReport(
  client: pg.Pool | pg.PoolClient,
  vmId: string,
  reportId: string,
): Promise<KeptReport | undefined> {
  const { rows } = await client.query<KeptReport>(
    `SELECT period_start AS "periodStart", period_end AS "periodEnd", executions, duration_ms AS "durationMs", tokens
     FROM metric_reports WHERE vm_id = $1 AND report_id = $2`,
    [vmId, reportId],
  );
  return rows[0];
}

/** @returns false: it was stored before. @throws AlfredError E_CONFLICT when what is kept under the id is another */
async function isSame(client: pg.Pool | pg.PoolClient, vmId: string, report: MetricReport): Promise<false> {
  const kept = await findReport(client, vmId, report.reportId);
  const isIt =
    kept !== undefined &&
    kept.periodStart.getTime() === Date.parse(report.periodStart) &&
    kept.periodEnd.getTime() === Date.parse(report.periodEnd) &&
    kept.executions === String(report.executions) &&
    kept.durationMs === String(report.durationMs) &&
    kept.tokens === String(report.tokens);
  if (!isIt) throw new AlfredError('E_CONFLICT', 'There is another report under this id; it stands');
  return false;
}

const copied = (): AlfredError =>
  new AlfredError(
    'E_COPIED',
    'Core has another report of this number: another copy of this VM reports, or its database was set back',
    {
      remedy:
        'On a copy: npx alfred core unlink. On the one that stays, and on one that was set back: npx alfred core reconcile',
    },
  );

const bounds: ReadonlyMap<string | undefined, keyof MetricReport> = new Map([
  ['daily_totals_bounded_executions', 'executions'],
  ['daily_totals_bounded_duration_ms', 'durationMs'],
  ['daily_totals_bounded_tokens', 'tokens'],
]);

function tooMuch(error: unknown): AlfredError | undefined {
  const name = bounds.get(violatedConstraint(error));
  if (name === undefined) return undefined;
  return new AlfredError('E_VALIDATION', "The total of the report's day would be more than a VM can do", {
    fields: [{ field: `/${name}`, message: 'takes the total of its day beyond what a VM can do' }],
    cause: error,
  });
}
