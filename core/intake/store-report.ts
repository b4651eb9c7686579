import type { MetricReport } from '../../src/contract/core.ts';
import { violatedConstraint } from '../../src/database/violations.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import type { CoreDatabase } from '../database.ts';
import { suspended } from '../registry/enrol.ts';
import { noSuchVm } from '../registry/vms.ts';

/** A clock may be wrong by this much, in milliseconds. */
const clockSlackMs = 24 * 3_600_000;

/** The report and the month's total in one statement, so in one transaction and one round trip. */
const statement = `
  WITH vm AS (
    UPDATE vms SET last_report_at = now() WHERE id = $1 AND suspended_at IS NULL RETURNING id
  ), stored AS (
    INSERT INTO metric_reports (vm_id, report_id, period_start, period_end, executions, duration_ms, tokens)
    SELECT id, $2, $3, $4, $5, $6, $7 FROM vm
    ON CONFLICT DO NOTHING
    RETURNING vm_id, executions, duration_ms, tokens
  ), total AS (
    INSERT INTO monthly_totals (vm_id, month, executions, duration_ms, tokens)
    SELECT vm_id, $8, executions, duration_ms, tokens FROM stored
    ON CONFLICT (vm_id, month) DO UPDATE SET
      executions = monthly_totals.executions + excluded.executions,
      duration_ms = monthly_totals.duration_ms + excluded.duration_ms,
      tokens = monthly_totals.tokens + excluded.tokens
  )
  SELECT (SELECT count(*) FROM vm)::int AS vm, (SELECT count(*) FROM stored)::int AS stored`;

/**
 * Stores a report. The same report again changes nothing.
 *
 * @returns false when it was stored before
 * @throws AlfredError E_VALIDATION for a period in the future, and for a number that takes its month's total beyond what a JSON
 *   number holds exactly; E_SUSPENDED, E_NOT_FOUND, E_CONFLICT for another report under an id that is taken
 */
export async function storeReport(
  { pool, prisma }: CoreDatabase,
  vmId: string,
  report: MetricReport,
): Promise<boolean> {
  const { reportId, periodStart, periodEnd, executions, durationMs, tokens } = report;
  const end = Date.parse(periodEnd);
  if (end > Date.now() + clockSlackMs) {
    throw new AlfredError('E_VALIDATION', 'The period of this report ends in the future', {
      fields: [{ field: '/periodEnd', message: 'is in the future' }],
    });
  }
  // The period's end is the first moment that is not in it.
  const month = firstDayOf(new Date(Math.max(Date.parse(periodStart), end - 1)));
  const values = [vmId, reportId, periodStart, periodEnd, executions, durationMs, tokens, month];
  const [done] = await pool
    .query<{ vm: number; stored: number }>({ name: 'store-report', text: statement, values })
    .then(({ rows }) => rows)
    .catch((error: unknown) => {
      throw tooMuch(error) ?? error;
    });
  if (done?.stored === 1) return true;
  if (done?.vm !== 1) {
    const vm = await prisma.vm.findUnique({ where: { id: vmId } });
    throw vm ? suspended() : noSuchVm();
  }
  const kept = await prisma.metricReport.findUnique({ where: { vmId_reportId: { vmId, reportId } } });
  const isSame =
    kept !== null &&
    kept.periodStart.getTime() === Date.parse(periodStart) &&
    kept.periodEnd.getTime() === end &&
    kept.executions === BigInt(executions) &&
    kept.durationMs === BigInt(durationMs) &&
    kept.tokens === BigInt(tokens);
  if (!isSame) throw new AlfredError('E_CONFLICT', 'There is another report under this id; it stands');
  return false;
}

const exactTotals: ReadonlyMap<string | undefined, keyof MetricReport> = new Map([
  ['monthly_totals_exact_executions', 'executions'],
  ['monthly_totals_exact_duration_ms', 'durationMs'],
  ['monthly_totals_exact_tokens', 'tokens'],
]);

function tooMuch(error: unknown): AlfredError | undefined {
  const name = exactTotals.get(violatedConstraint(error));
  if (name === undefined) return undefined;
  return new AlfredError('E_VALIDATION', "The total of the report's month would be too large a number", {
    fields: [{ field: `/${name}`, message: `takes the total of its month above ${Number.MAX_SAFE_INTEGER}` }],
    cause: error,
  });
}

/** The first day of a time's month, in UTC: `2026-11-01`. */
export const firstDayOf = (time: Date): string => `${time.toISOString().slice(0, 7)}-01`;
