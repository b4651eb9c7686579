import { recordAudit } from '../audit/record-audit.ts';
import type { Approval, Decision } from '../contract/approvals.ts';
import type { Database } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import { readSettledNow } from '../database/times.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Queue } from '../queue/queue.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';
import { appendEvents } from './append-events.ts';
import { checkApproval } from './check-approval.ts';
import { findExecution } from './find-execution.ts';
import { lockExecution } from './lock-execution.ts';
import { type ApprovalRow, noApproval, presentApproval } from './present-approval.ts';
import { pendingOf, shown } from './request-approvals.ts';
import { resendJob } from './resend-job.ts';

const words = {
  approved: 'approved',
  denied: 'denied',
  expired: 'given up',
  cancelled: 'given up',
} as const;

/**
 * Decides about one call. The first decision stands. With the last one of a run its job is sent, in the same transaction.
 *
 * @throws AlfredError E_NOT_FOUND; E_ROW_ALTERED when somebody else changed what waits; E_CONFLICT when it was decided, has expired, or the person saw another call
 */
export async function decideApproval(
  { db, queue, vault }: { db: Database; queue: Queue; vault: Vault },
  id: string,
  { decision, note, argumentsHash, actor }: Decision & { actor: string },
): Promise<Approval> {
  await vault.upToDate();
  const said =
    note === undefined || note.trim() === '' ? null : storableText(vault.redactor.text(note.trim()));
  const settled = await readSettledNow(db.pool);
  return await db.transaction(async (tx) => {
    const first = await tx.approval.findUnique({ where: { id }, select: { executionId: true } });
    if (!first) throw noApproval(id);
    const { executionId } = first;
    await lockExecution(tx, executionId);
    const row = await tx.approval.findUniqueOrThrow({ where: { id } });
    const now = timeNow();
    refuseUnlessOpen(row, argumentsHash, settled);
    checkApproval(tx, row);
    const status = decision === 'approve' ? ('approved' as const) : ('denied' as const);
    const data = { status, decidedBy: actor, decidedAt: now, note: said };
    const mac = rowGuardOf(tx).sign('approvals', { ...row, ...data });
    const decided = await tx.approval.update({ where: { id }, data: { ...data, mac } });
    await recordAudit(tx, {
      action: 'approval.decided',
      actor,
      subject: id,
      data: {
        executionId,
        decision,
        connection: row.connection,
        tool: row.tool,
        argumentsHash: Buffer.from(row.argumentsHash).toString('hex'),
      },
    });
    const run = await findExecution(tx, executionId);
    const pending = await pendingOf(tx, executionId);
    if (pending.length > 0) {
      const data = { status: 'waiting_approval' as const, waitingFor: shown(pending) };
      await appendEvents(tx, executionId, [{ kind: 'status', step: row.stepId, data }], now);
    } else if (run.status === 'waiting_approval') {
      const waited = now.getTime() - (run.waitingSince ?? now).getTime();
      await tx.execution.update({
        where: { id: executionId },
        data: { status: 'queued', waitingSince: null, waitedMs: run.waitedMs + BigInt(Math.max(0, waited)) },
      });
      await appendEvents(tx, executionId, [{ kind: 'status', data: { status: 'queued' } }], now);
      await resendJob({ queue, tx }, executionId);
    }
    return presentApproval(decided, run);
  });
}

function refuseUnlessOpen(row: ApprovalRow, seen: string | undefined, now: Date): void {
  if (row.status !== 'pending') {
    const by = row.decidedBy === null ? '' : ` by ${row.decidedBy}`;
    const at = row.decidedAt === null ? '' : ` at ${row.decidedAt.toISOString()}`;
    throw new AlfredError('E_CONFLICT', `This call was ${words[row.status]}${by}${at}; that stands.`, {
      remedy: `npx alfred execution show ${row.executionId}`,
    });
  }
  if (row.expiresAt <= now) {
    throw new AlfredError('E_CONFLICT', `This call waited until ${row.expiresAt.toISOString()}, too long.`, {
      remedy: `npx alfred execution retry ${row.executionId}`,
    });
  }
  if (seen !== undefined && seen !== Buffer.from(row.argumentsHash).toString('hex')) {
    throw new AlfredError('E_CONFLICT', 'The call that waits is another than the one that was seen.', {
      remedy: `npx alfred execution show ${row.executionId}`,
    });
  }
}
