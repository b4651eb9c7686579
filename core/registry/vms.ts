/** What people do with VMs: each with their own, the provider with all. */

import type { VmChange } from '../../src/contract/fleet.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { actorOf, type Person } from '../access/people.ts';
import { requireRole } from '../access/roles.ts';
import { type NewAct, recordActs } from '../audit/record-act.ts';
import type { CoreDatabase, CoreTransaction } from '../database.ts';
import { requireUser } from './enrol.ts';
import { noSuchVm } from './no-such-vm.ts';

/** @throws AlfredError E_FORBIDDEN where a part of the change is not theirs to make */
function requireRoles(person: Person, { label, suspended, ownerId, settled }: VmChange): void {
  if (suspended !== undefined) requireRole(person, 'suspend VMs');
  if (ownerId !== undefined || settled !== undefined) requireRole(person, 'hand over and retire VMs');
  if (label !== undefined && person.userId === null) requireRole(person, 'rename VMs');
}

/**
 * Changes VMs, all at once: suspends them or lets them in again, hands them to a user (or to nobody), takes it that two copies of
 * each reported for settled, retires them. What was reported until then stays billed to whoever had them; a retired one reports no
 * more, and is in no list.
 *
 * @returns which of them; the others are not there, are retired, or are another's
 * @throws AlfredError E_NOT_FOUND for a user that is not there; E_FORBIDDEN
 */
export async function changeVms(
  { prisma }: CoreDatabase,
  person: Person,
  { vmIds, retired, ...change }: { vmIds: readonly string[]; retired?: true | undefined } & VmChange,
): Promise<string[]> {
  requireRoles(person, change);
  if (retired !== undefined) requireRole(person, 'hand over and retire VMs');
  const { ownerId } = change;
  return await prisma.$transaction(
    async (tx) => {
      if (ownerId !== undefined) await requireUser(tx, ownerId);
      const found = await holdVms(tx, person, vmIds);
      const ids = { in: found };
      await tx.vm.updateMany({
        where: { id: ids },
        data: { ...rowOf(change), ...(retired === undefined ? {} : { retiredAt: timeNow() }) },
      });
      // Whoever would take the place of one that is retired has none to take.
      if (retired) await tx.enrolment.deleteMany({ where: { replacesId: ids, vmId: null } });
      const actor = actorOf(person);
      const data = JSON.parse(JSON.stringify(change)) as NewAct['data'] & object;
      await recordActs(
        tx,
        found.map((subject) => ({ actor, action: retired ? 'vm.retired' : 'vm.changed', subject, data })),
      );
      return found;
    },
    { timeout: 60_000 },
  );
}

/** The rows of those that are this person's to change, held in one order: of two who change the same VMs, one waits. */
async function holdVms(tx: CoreTransaction, { userId }: Person, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM vms
    WHERE id = ANY(${[...ids]}::uuid[]) AND retired_at IS NULL AND (${userId}::uuid IS NULL OR owner_id = ${userId}::uuid)
    ORDER BY id FOR UPDATE`;
  return rows.map(({ id }) => id);
}

const rowOf = ({ label, suspended, ownerId, settled }: VmChange) => ({
  ...(label === undefined ? {} : { label }),
  ...(suspended === undefined ? {} : { suspendedAt: suspended ? timeNow() : null }),
  ...(ownerId === undefined ? {} : { ownerId }),
  ...(settled === undefined ? {} : { copiedAt: null }),
});

/** Changes one. @throws AlfredError E_NOT_FOUND, also for another's; E_FORBIDDEN */
export async function changeVm(
  db: CoreDatabase,
  person: Person,
  id: string,
  change: VmChange,
): Promise<void> {
  const changed = await changeVms(db, person, { vmIds: [id], ...change });
  if (changed.length === 0) throw noSuchVm();
}

/** Retires one. @throws AlfredError E_NOT_FOUND; E_FORBIDDEN */
export async function retireVm(db: CoreDatabase, person: Person, id: string): Promise<void> {
  const changed = await changeVms(db, person, { vmIds: [id], retired: true });
  if (changed.length === 0) throw noSuchVm();
}
