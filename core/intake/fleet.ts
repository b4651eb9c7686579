/** The three numbers, by VM and month: what bills are made of. */
import type { BillingEntry, FleetEntry } from '../../src/contract/fleet.ts';
import type { Person } from '../access/people.ts';
import type { CoreDatabase } from '../database.ts';

/** Every VM of `person` with its totals of the month that begins on `month`. */
export async function readFleet(
  { prisma }: CoreDatabase,
  person: Person,
  month: string,
): Promise<FleetEntry[]> {
  const vms = await prisma.vm.findMany({
    where: person.userId === null ? {} : { ownerId: person.userId },
    include: { totals: { where: { month: new Date(month) } } },
    orderBy: { id: 'asc' },
  });
  return vms.map(({ id, label, ownerId, createdAt, suspendedAt, lastReportAt, totals: [total] }) => ({
    vmId: id,
    label,
    ownerId,
    suspended: suspendedAt !== null,
    createdAt: createdAt.toISOString(),
    executions: Number(total?.executions ?? 0),
    durationMs: Number(total?.durationMs ?? 0),
    tokens: Number(total?.tokens ?? 0),
    lastReportAt: lastReportAt?.toISOString() ?? null,
  }));
}

/** The totals of every VM of `person`, by month, from the first to the last of them, both as `2026-11-01`. */
export async function readBilling(
  { prisma }: CoreDatabase,
  person: Person,
  { from, to }: { from: string; to: string },
): Promise<BillingEntry[]> {
  const rows = await prisma.monthlyTotal.findMany({
    where: {
      month: { gte: new Date(from), lte: new Date(to) },
      ...(person.userId === null ? {} : { vm: { ownerId: person.userId } }),
    },
    include: { vm: { select: { ownerId: true } } },
    orderBy: [{ month: 'asc' }, { vmId: 'asc' }],
  });
  return rows.map(({ month, vmId, vm, executions, durationMs, tokens }) => ({
    month: month.toISOString().slice(0, 7),
    vmId,
    ownerId: vm.ownerId,
    executions: Number(executions),
    durationMs: Number(durationMs),
    tokens: Number(tokens),
  }));
}
