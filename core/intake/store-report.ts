/**
 * Intake of reports. A VM counts its reports, and the number is in the report's id: the next number is taken in one statement, with
 * those of other VMs; a number that another report has is refused, as two copies of the VM report, or its database was set back.
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
import { type GivenReport, takeHeld, takeNext } from './take-reports.ts';

/** A clock may be wrong by this much, in milliseconds. */
const clockSlackMs = 24 * 3_600_000;

/**
 * Stores a report. The same report again changes nothing.
 *
 * @returns false when it was stored before
 * @throws AlfredError E_COPIED for a number that another report has; E_VALIDATION for one that takes its day's total beyond
 *   what a VM can do; E_SUSPENDED, E_NOT_FOUND, E_CONFLICT for another report under an id that is taken
 */
export async function storeReport(db: CoreDatabase, vmId: string, report: MetricReport): Promise<boolean> {
  const given = givenOf(vmId, report);
  const done = await takeNext(db, given).catch(async (error: unknown) => {
    // The month was closed between the look at it and the writing.
    if (violatedConstraint(error) !== 'closed_months_hold') throw tooMuch(error) ?? error;
    return await takeNext(db, given);
  });
  if (done.isStored) return true;
  if (done.isTurn) return await isSame(db.pool, vmId, report);
  const odd = await storeOddReport(db, given, report);
  if (odd === 'first copy') {
    await db.prisma.$transaction((tx) =>
      recordAct(tx, { actor: `vm:${vmId}`, action: 'vm.copied', subject: vmId }),
    );
  }
  if (typeof odd === 'string') throw copied();
  return odd;
}

/** What the statement is given. A period that ends in a time to come ends now, and the VM's clock is said to be off. */
function givenOf(vmId: string, report: MetricReport): GivenReport {
  const end = Date.parse(report.periodEnd);
  const isAhead = end > millisNow() + clockSlackMs;
  // The period's end is the first moment that is not in it.
  const last = isAhead ? millisNow() : Math.max(Date.parse(report.periodStart), end - 1);
  const day = new Date(last).toISOString().slice(0, 10);
  return { vmId, ...report, day, counter: counterOf(report.reportId), isAhead };
}

/** A report that is not the next one: the same again, one of those that are missing, or another's. */
async function storeOddReport(
  db: CoreDatabase,
  given: GivenReport,
  report: MetricReport,
): Promise<boolean | 'copied' | 'first copy'> {
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN');
    const done = await storeWhileHeld(client, given, report);
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
  given: GivenReport,
  report: MetricReport,
): Promise<boolean | 'copied' | 'first copy'> {
  const { vmId, counter } = given;
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
  if (counter === null || (await isTaken(client, vmId, report.reportId))) {
    await client.query('UPDATE vms SET copied_at = now() WHERE id = $1', [vmId]);
    return vm.copied ? 'copied' : 'first copy';
  }
  return (await takeHeld(client, given)).isStored;
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
