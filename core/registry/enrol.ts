/** Enrolment: a one-time token makes one VM. */
import { compare } from 'bcryptjs';
import { AlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { hashOfSecret, newSecretText } from '../../src/kernel/secret-text.ts';
import type { CoreDatabase } from '../database.ts';

/** How long an enrolment token is good for, in milliseconds. */
const tokenLifetimeMs = 24 * 3_600_000;

/** Makes a one-time token for a VM of `ownerId`, or of nobody yet. */
export async function createEnrolment(
  { prisma }: CoreDatabase,
  { ownerId, label }: { ownerId: string | null; label: string },
): Promise<{ token: string; expiresAt: string }> {
  const token = newSecretText('enrol_');
  const expiresAt = new Date(Date.now() + tokenLifetimeMs);
  await prisma.enrolment.create({
    data: { id: newId(), tokenHash: hashOfSecret(token), ownerId, label, expiresAt },
  });
  return { token, expiresAt: expiresAt.toISOString() };
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
    if (!enrolment || enrolment.vm || enrolment.expiresAt.getTime() <= Date.now()) throw refused();
    const { ownerId, label } = enrolment;
    const vm = await tx.vm.create({ data: { id: newId(), ownerId, label, authSecretHash } });
    await tx.enrolment.update({ where: { tokenHash }, data: { vmId: vm.id } });
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
  if (vm.suspendedAt) throw suspended();
}

export const suspended = (): AlfredError =>
  new AlfredError('E_SUSPENDED', 'This VM is suspended at Core', {
    remedy: 'Ask whoever runs Core. The VM itself goes on working.',
  });
