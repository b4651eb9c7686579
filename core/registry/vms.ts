/** What people do with VMs: each with their own, the provider with all. */

import type { VmChange } from '../../src/contract/fleet.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { actorOf, type Person } from '../access/people.ts';
import { requireRole } from '../access/roles.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase } from '../database.ts';
import { requireUser } from './enrol.ts';
import { noSuchVm } from './no-such-vm.ts';

/** Rows of a person's own VMs; of all, where they are the provider's. */
const ownedBy = ({ userId }: Person) => (userId === null ? {} : { ownerId: userId });

/** @throws AlfredError E_FORBIDDEN where a part of the change is not theirs to make */
function requireRoles(person: Person, { label, suspended, ownerId, settled }: VmChange): void {
  if (suspended !== undefined) requireRole(person, 'suspend VMs');
  if (ownerId !== undefined || settled !== undefined) requireRole(person, 'hand over and retire VMs');
  if (label !== undefined && person.userId === null) requireRole(person, 'rename VMs');
}

/**
 * Changes the label; and, for the provider, suspends a VM or lets it in again, hands it to a user (or to nobody), or takes it
 * that two copies of it reported for settled. What was reported until then stays billed to whoever had it.
 *
 * @throws AlfredError E_NOT_FOUND, also for another's and for a user that is not there; E_FORBIDDEN
 */
export async function changeVm(
  { prisma }: CoreDatabase,
  person: Person,
  id: string,
  change: VmChange,
): Promise<void> {
  requireRoles(person, change);
  const { label, suspended, ownerId, settled } = change;
  await prisma.$transaction(async (tx) => {
    if (ownerId !== undefined) await requireUser(tx, ownerId);
    const { count } = await tx.vm.updateMany({
      where: { id, retiredAt: null, ...ownedBy(person) },
      data: {
        ...(label === undefined ? {} : { label }),
        ...(suspended === undefined ? {} : { suspendedAt: suspended ? timeNow() : null }),
        ...(ownerId === undefined ? {} : { ownerId }),
        ...(settled === undefined ? {} : { copiedAt: null }),
      },
    });
    if (count === 0) throw noSuchVm();
    const data = {
      ...(label === undefined ? {} : { label }),
      ...(suspended === undefined ? {} : { suspended }),
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(settled === undefined ? {} : { settled }),
    };
    await recordAct(tx, { actor: actorOf(person), action: 'vm.changed', subject: id, data });
  });
}

/**
 * Retires a VM: nothing is taken from it any more, and it is in no list. Its reports, and what it was billed, stay.
 *
 * @throws AlfredError E_NOT_FOUND; E_FORBIDDEN
 */
export async function retireVm({ prisma }: CoreDatabase, person: Person, id: string): Promise<void> {
  requireRole(person, 'hand over and retire VMs');
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.vm.updateMany({
      where: { id, retiredAt: null },
      data: { retiredAt: timeNow() },
    });
    if (count === 0) throw noSuchVm();
    // Whoever would take its place has none to take.
    await tx.enrolment.deleteMany({ where: { replacesId: id, vmId: null } });
    await recordAct(tx, { actor: actorOf(person), action: 'vm.retired', subject: id });
  });
}
