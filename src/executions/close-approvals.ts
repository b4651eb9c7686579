import { recordAudit, systemActor } from '../audit/record-audit.ts';
import type { Transaction } from '../database/client.ts';

/** What still waits when its run ends is called by nobody. */
export async function closeApprovals(
  tx: Transaction,
  executionId: string,
  at: Date,
  isExpired: boolean,
): Promise<void> {
  const open = await tx.approval.findMany({
    where: { executionId, status: 'pending' },
    select: { id: true },
  });
  if (open.length === 0) return;
  await tx.approval.updateMany({
    where: { id: { in: open.map(({ id }) => id) } },
    // Without its MAC nothing that is done to the row later calls it.
    data: { status: isExpired ? 'expired' : 'cancelled', decidedAt: at, mac: null },
  });
  if (!isExpired) return;
  for (const { id } of open) {
    await recordAudit(tx, {
      action: 'approval.expired',
      actor: systemActor,
      subject: id,
      data: { executionId },
    });
  }
}
