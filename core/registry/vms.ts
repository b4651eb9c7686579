/** The registry as people see it: each their own VMs, the operator all. */
import type { VmEntry } from '../../src/contract/fleet.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import type { Person } from '../access/people.ts';
import type { CoreDatabase } from '../database.ts';

const ownedBy = ({ userId }: Person) => (userId === null ? {} : { ownerId: userId });

export async function listVms({ prisma }: CoreDatabase, person: Person): Promise<VmEntry[]> {
  const rows = await prisma.vm.findMany({ where: ownedBy(person), orderBy: { id: 'asc' } });
  return rows.map((row) => ({
    vmId: row.id,
    label: row.label,
    ownerId: row.ownerId,
    createdAt: row.createdAt.toISOString(),
    lastReportAt: row.lastReportAt?.toISOString() ?? null,
    suspended: row.suspendedAt !== null,
  }));
}

/**
 * Changes the label, or (the operator alone) suspends a VM and lets it in again.
 *
 * @throws AlfredError E_NOT_FOUND, also for another's; E_FORBIDDEN
 */
export async function changeVm(
  db: CoreDatabase,
  person: Person,
  vmId: string,
  change: { label?: string | undefined; suspended?: boolean | undefined },
): Promise<void> {
  if (change.suspended !== undefined && person.userId !== null) {
    throw new AlfredError('E_FORBIDDEN', 'Only the operator suspends a VM');
  }
  const { count } = await db.prisma.vm.updateMany({
    where: { id: vmId, ...ownedBy(person) },
    data: {
      ...(change.label === undefined ? {} : { label: change.label }),
      ...(change.suspended === undefined ? {} : { suspendedAt: change.suspended ? new Date() : null }),
    },
  });
  if (count === 0) throw noSuchVm();
}

export const noSuchVm = (): AlfredError => new AlfredError('E_NOT_FOUND', 'There is no such VM of yours');
