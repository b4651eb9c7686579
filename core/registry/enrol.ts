/** Enrolment: a one-time token makes one VM. */
import { compare } from 'bcryptjs';
import type { EnrolmentEntry } from '../../src/contract/fleet.ts';
import { millisNow, timeNow } from '../../src/kernel/clock.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { hashOfSecret, newSecretText } from '../../src/kernel/secret-text.ts';
import { actorOf, type Person } from '../access/people.ts';
import { requireRole } from '../access/roles.ts';
import { noSuchUser } from '../access/users.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase, CoreTransaction } from '../database.ts';
import { noSuchVm } from './no-such-vm.ts';

/** How long an enrolment token is good for, in milliseconds. */
const tokenLifetimeMs = 24 * 3_600_000;

/**
 * Makes a one-time token for a VM of `ownerId`, or of nobody yet; with `replacesId` for one that takes the place of another.
 *
 * @throws AlfredError E_NOT_FOUND for a user or VM that is not there
 */
export async function createEnrolment(
  { prisma }: CoreDatabase,
  person: Person,
  { userId, label, replaces }: { userId?: string | undefined; label: string; replaces?: string | undefined },
): Promise<{ id: string; token: string; expiresAt: string }> {
  const isForAnother = userId !== undefined && userId !== person.userId;
  if (person.userId === null || isForAnother) requireRole(person, 'enrol VMs');
  if (replaces !== undefined) requireRole(person, 'replace VMs');
  const token = newSecretText('enrol_');
  const expiresAt = new Date(millisNow() + tokenLifetimeMs);
  const id = newId();
  await prisma.$transaction(async (tx) => {
    const replaced =
      replaces === undefined ? null : await tx.vm.findUnique({ where: { id: replaces, retiredAt: null } });
    if (replaces !== undefined && !replaced) throw noSuchVm();
    const ownerId = replaced ? replaced.ownerId : (userId ?? person.userId);
    await requireUser(tx, ownerId);
    await tx.enrolment.create({
      data: {
        id,
        tokenHash: hashOfSecret(token),
        ownerId,
        label: replaced?.label ?? label,
        createdAt: timeNow(),
        expiresAt,
        replacesId: replaced?.id ?? null,
      },
    });
    const data = { ownerId, ...(replaced ? { replaces: replaced.id } : {}) };
    await recordAct(tx, { actor: actorOf(person), action: 'enrolment.created', subject: id, data });
  });
  return { id, token, expiresAt: expiresAt.toISOString() };
}

/** Holds the user where they are until the transaction ends. @throws AlfredError E_NOT_FOUND */
export async function requireUser(tx: CoreTransaction, id: string | null): Promise<void> {
  if (id === null) return;
  const found = await tx.$queryRaw<unknown[]>`
    SELECT id FROM users WHERE id = ${id}::uuid AND removed_at IS NULL FOR SHARE`;
  if (found.length === 0) throw noSuchUser();
}

/** The tokens that are good and were not used, each without itself, the newest first. */
export async function listEnrolments({ prisma }: CoreDatabase, person: Person): Promise<EnrolmentEntry[]> {
  if (person.userId === null) requireRole(person, 'enrol VMs');
  const rows = await prisma.enrolment.findMany({
    where: {
      vmId: null,
      expiresAt: { gt: timeNow() },
      ...(person.userId === null ? {} : { ownerId: person.userId }),
    },
    orderBy: { createdAt: 'desc' },
  });
  return rows.map(({ id, label, ownerId, replacesId, createdAt, expiresAt }) => ({
    id,
    label,
    ownerId,
    replaces: replacesId,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }));
}

/** Withdraws a token that was not used. @throws AlfredError E_NOT_FOUND, also for another's */
export async function withdrawEnrolment({ prisma }: CoreDatabase, person: Person, id: string): Promise<void> {
  if (person.userId === null) requireRole(person, 'enrol VMs');
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.enrolment.deleteMany({
      where: { id, vmId: null, ...(person.userId === null ? {} : { ownerId: person.userId }) },
    });
    if (count === 0) throw new AlfredError('E_NOT_FOUND', 'There is no such token that was not used');
    await recordAct(tx, { actor: actorOf(person), action: 'enrolment.withdrawn', subject: id });
  });
}

/**
 * Enrols a VM. The same VM that asks again with the same token and hash, as its answer was lost, is given the same id.
 *
 * @throws AlfredError E_ENROLMENT for a token that is unknown, expired or used
 */
export async function enrolVm(
  { prisma }: CoreDatabase,
  { enrollmentToken, authSecretHash }: { enrollmentToken: string; authSecretHash: string },
): Promise<string> {
  const tokenHash = hashOfSecret(enrollmentToken);
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM enrolments WHERE token_hash = ${tokenHash} FOR UPDATE`;
    const enrolment = await tx.enrolment.findUnique({ where: { tokenHash }, include: { vm: true } });
    if (enrolment?.vm && enrolment.vm.authSecretHash === authSecretHash) return enrolment.vm.id;
    if (!enrolment || enrolment.vm || enrolment.expiresAt.getTime() <= millisNow()) throw refused();
    const { id, ownerId, label, replacesId } = enrolment;
    const vm = await tx.vm.create({
      data: { id: newId(), ownerId, label, authSecretHash, createdAt: timeNow() },
    });
    await tx.enrolment.update({ where: { tokenHash }, data: { vmId: vm.id } });
    if (replacesId !== null) {
      await tx.vm.updateMany({ where: { id: replacesId, retiredAt: null }, data: { retiredAt: timeNow() } });
    }
    const data = { enrolment: id, ...(replacesId === null ? {} : { replaces: replacesId }) };
    await recordAct(tx, { actor: `vm:${vm.id}`, action: 'vm.enrolled', subject: vm.id, data });
    return vm.id;
  });
}

const refused = (): AlfredError =>
  new AlfredError('E_ENROLMENT', 'The enrolment token is unknown, used or expired', {
    remedy: 'Ask whoever runs Core for a new one.',
  });

/**
 * Proves a VM by its own secret.
 *
 * @throws AlfredError E_UNAUTHENTICATED, the same for every reason but E_SUSPENDED
 */
export async function proveVm({ prisma }: CoreDatabase, vmId: string, secret: string): Promise<void> {
  const vm = await prisma.vm.findUnique({ where: { id: vmId } });
  // Longer ones would be cut by bcrypt.
  const isRight =
    vm !== null && Buffer.byteLength(secret) <= 72 && (await compare(secret, vm.authSecretHash));
  if (!isRight) throw new AlfredError('E_UNAUTHENTICATED', 'The id or the secret of this VM is not right');
  if (vm.retiredAt) throw retired();
  if (vm.suspendedAt) throw suspended();
}

export const suspended = (): AlfredError =>
  new AlfredError('E_SUSPENDED', 'This VM is suspended at Core', {
    remedy: 'Ask whoever runs Core. The VM itself goes on working.',
  });

export const retired = (): AlfredError =>
  new AlfredError('E_SUSPENDED', 'This VM is retired at Core', {
    remedy:
      'Ask whoever runs Core for a new enrolment: npx alfred core unlink, then link. The VM itself goes on working.',
  });
