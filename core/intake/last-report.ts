import type { LastReport } from '../../src/contract/core.ts';
import type { CoreDatabase } from '../database.ts';

/** How far a VM's reports go: for one whose database was set back, and does not know. */
export async function readLastReport({ prisma }: CoreDatabase, vmId: string): Promise<LastReport> {
  const last = await prisma.metricReport.findFirst({
    where: { vmId },
    orderBy: { periodEnd: 'desc' },
    select: { reportId: true, periodEnd: true },
  });
  return { reportId: last?.reportId ?? null, periodEnd: last?.periodEnd.toISOString() ?? null };
}
