/** Those who have VMs here, as the provider keeps them. */
import type { CoreUser, CoreUserChange, NewCoreUser } from '../../src/contract/core-people.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { recordAct } from '../audit/record-act.ts';
import { type CoreDatabase, Prisma } from '../database.ts';
import { hashPassword } from './passwords.ts';
import { actorOf, type Person } from './people.ts';
import { requireRole } from './roles.ts';
import { endTokensOf } from './tokens.ts';

/**
 * Adds a user: with a password, or for a link by which they set their own (sign-in-links.ts).
 *
 * @throws AlfredError E_CONFLICT when the login is taken
 */
export async function createUser(
  { prisma }: CoreDatabase,
  person: Person,
  { login, password, role, customerNumber }: NewCoreUser,
): Promise<{ id: string; login: string }> {
  requireRole(person, 'change users');
  const id = newId();
  const passwordHash = password === undefined ? null : await hashPassword(password);
  try {
    await prisma.$transaction(async (tx) => {
      await tx.user.create({
        data: { id, login, passwordHash, role: role ?? null, customerNumber, createdAt: timeNow() },
      });
      const data = { login, role: role ?? null, customerNumber };
      await recordAct(tx, { actor: actorOf(person), action: 'user.created', subject: id, data });
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      throw new AlfredError('E_CONFLICT', 'This login is taken', {
        remedy: 'Choose another; that of somebody who was removed stays on their bills.',
      });
    }
    throw error;
  }
  return { id, login };
}

export async function listUsers({ prisma }: CoreDatabase, person: Person): Promise<CoreUser[]> {
  requireRole(person, 'see who has VMs here');
  const users = await prisma.user.findMany({
    where: { removedAt: null },
    orderBy: { login: 'asc' },
    include: { _count: { select: { vms: { where: { retiredAt: null } }, passkeys: true } } },
  });
  return users.map(({ id, login, role, passwordHash, createdAt, suspendedAt, customerNumber, _count }) => ({
    id,
    login,
    customerNumber,
    createdAt: createdAt.toISOString(),
    suspended: suspendedAt !== null,
    vms: _count.vms,
    role: role as CoreUser['role'],
    invited: passwordHash === null && _count.passkeys === 0,
  }));
}

/** @throws AlfredError E_NOT_FOUND, E_FORBIDDEN */
export async function changeUser(
  { prisma }: CoreDatabase,
  person: Person,
  id: string,
  change: CoreUserChange,
): Promise<void> {
  const { suspended, role, customerNumber } = change;
  if (suspended !== undefined || role !== undefined) requireRole(person, 'change users');
  if (customerNumber !== undefined) requireRole(person, 'set customer numbers');
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.user.updateMany({
      where: { id, removedAt: null },
      data: {
        ...(suspended === undefined ? {} : { suspendedAt: suspended ? timeNow() : null }),
        ...(role === undefined ? {} : { role }),
        ...(customerNumber === undefined ? {} : { customerNumber }),
      },
    });
    if (count === 0) throw noSuchUser();
    if (suspended === true || role !== undefined) await endTokensOf(tx, id);
    const data = {
      ...(suspended === undefined ? {} : { suspended }),
      ...(role === undefined ? {} : { role }),
      ...(customerNumber === undefined ? {} : { customerNumber }),
    };
    await recordAct(tx, { actor: actorOf(person), action: 'user.changed', subject: id, data });
  });
}

/**
 * Removes a user: they sign in no more, and are in no list. What they were billed stays, under their login.
 *
 * @throws AlfredError E_NOT_FOUND; E_IN_USE while VMs are theirs
 */
export async function removeUser({ prisma }: CoreDatabase, person: Person, id: string): Promise<void> {
  requireRole(person, 'change users');
  await prisma.$transaction(async (tx) => {
    // Whoever hands this user a VM meanwhile waits for the lock, and finds the user gone.
    await tx.$queryRaw`SELECT id FROM users WHERE id = ${id}::uuid FOR UPDATE`;
    const user = await tx.user.findUnique({
      where: { id },
      include: { _count: { select: { vms: { where: { retiredAt: null } } } } },
    });
    if (!user || user.removedAt) throw noSuchUser();
    if (user._count.vms > 0) {
      throw new AlfredError('E_IN_USE', `${user._count.vms} VMs are this user's`, {
        remedy: 'Hand them to another, or retire them, first.',
      });
    }
    await tx.enrolment.deleteMany({ where: { ownerId: id, vmId: null } });
    await endTokensOf(tx, id);
    await tx.signInLink.deleteMany({ where: { userId: id } });
    await tx.passkey.deleteMany({ where: { userId: id } });
    await tx.user.update({ where: { id }, data: { removedAt: timeNow() } });
    const data = { login: user.login };
    await recordAct(tx, { actor: actorOf(person), action: 'user.removed', subject: id, data });
  });
}

export const noSuchUser = (): AlfredError => new AlfredError('E_NOT_FOUND', 'There is no such user');
