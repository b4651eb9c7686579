/** Heads of audit chains, of VMs whose owners want them to stand outside the VM too. */

import type { Anchor } from '../../src/contract/core.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import type { CoreDatabase } from '../database.ts';

/**
 * Keeps a head. The same again changes nothing.
 *
 * @returns false when it was kept before
 * @throws AlfredError E_CONFLICT when another head of the same place is kept: one of the two chains was rewritten
 */
export async function storeAnchor(
  { prisma }: CoreDatabase,
  vmId: string,
  { epoch, seq, head }: Anchor,
): Promise<boolean> {
  const bytes = Buffer.from(head, 'hex');
  const { count } = await prisma.auditAnchor.createMany({
    data: [{ vmId, epoch, seq: BigInt(seq), head: bytes, receivedAt: timeNow() }],
    skipDuplicates: true,
  });
  if (count === 1) return true;
  const kept = await prisma.auditAnchor.findUniqueOrThrow({
    where: { vmId_epoch_seq: { vmId, epoch, seq: BigInt(seq) } },
  });
  if (bytes.equals(kept.head)) return false;
  throw new AlfredError('E_CONFLICT', `Another head of event ${seq} is kept here`, {
    remedy: 'The chain of this VM was rewritten: npx alfred audit verify, on the VM.',
  });
}

/** The last heads of a VM, the newest first. */
export async function listAnchors({ prisma }: CoreDatabase, vmId: string, limit = 500): Promise<Anchor[]> {
  const rows = await prisma.auditAnchor.findMany({
    where: { vmId },
    orderBy: [{ epoch: 'desc' }, { seq: 'desc' }],
    take: limit,
  });
  return rows.map(({ epoch, seq, head }) => ({
    epoch,
    seq: Number(seq),
    head: Buffer.from(head).toString('hex'),
  }));
}
