import type { LastReport } from '../../src/contract/core.ts';
import type { CoreDatabase } from '../database.ts';
import { noSuchVm } from '../registry/no-such-vm.ts';

/** How far a VM's reports go: for one whose database was set back, and does not know. */
export async function readLastReport({ prisma, pool }: CoreDatabase, vmId: string): Promise<LastReport> {
  const vm = await prisma.vm.findUnique({ where: { id: vmId } });
  if (!vm) throw noSuchVm();
  const last = await prisma.metricReport.findFirst({
    where: { vmId },
    orderBy: { periodEnd: 'desc' },
    select: { reportId: true, periodEnd: true },
  });
  const counter = vm.lastCounter === null ? null : Number(vm.lastCounter);
  const missing = counter === null ? 0 : counter - Number(vm.countedReports);
  return {
    reportId: last?.reportId ?? null,
    periodEnd: last?.periodEnd.toISOString() ?? null,
    counter,
    missing,
    firstMissing: missing > 0 ? await findFirstMissing(pool, vmId) : null,
  };
}

/** The lowest number below the last that no report has; their ids begin with their numbers. */
async function findFirstMissing(pool: CoreDatabase['pool'], vmId: string): Promise<number | null> {
  const { rows } = await pool.query<{ n: string }>(
    `SELECT n FROM (
       SELECT row_number() OVER (ORDER BY report_id) AS n,
         ('x' || left(replace(report_id::text, '-', ''), 12))::bit(48)::bigint AS counter
       FROM metric_reports WHERE vm_id = $1 AND substr(report_id::text, 15, 1) = '8'
         AND report_id < '00010000-0000-8000-8000-000000000000'
     ) AS numbered WHERE n <> counter ORDER BY n LIMIT 1`,
    [vmId],
  );
  return rows[0] ? Number(rows[0].n) : null;
}
