/** A run that waits for a person: its calls, its conversation and its status are written together, and nobody holds it then. */

import { recordAudit } from '../audit/record-audit.ts';
import type { Usage } from '../contract/executions.ts';
import { formatToolName } from '../contract/tool-name.ts';
import { visibleText } from '../contract/visible.ts';
import type { Prisma, Transaction } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { hashOf } from '../kernel/hash.ts';
import { newId } from '../kernel/ids.ts';
import { announce } from '../queue/announce.ts';
import type { Queue } from '../queue/queue.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { appendEvents } from './append-events.ts';
import { type ApprovalRow, argumentsOf } from './present-approval.ts';

export type WaitingCall = {
  toolUseId: string;
  connection: string;
  tool: string;
  args: Record<string, unknown>;
};

export type WaitingStep = {
  executionId: string;
  stepId: number;
  of: number;
  calls: readonly WaitingCall[];
  session: { id: string; entries: string };
  usage: Usage;
  total: Usage;
  timeoutMs: number;
};

/** Puts a run into `waiting_approval`. The caller holds its claim in `tx`; afterwards nobody does. */
export async function requestApprovals(
  { queue, tx }: { queue: Queue; tx: Transaction },
  { executionId, stepId, of, calls, session, usage, total, timeoutMs }: WaitingStep,
): Promise<void> {
  const guard = rowGuardOf(tx);
  const [{ now } = { now: timeNow() }] = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  const expiresAt = new Date(now.getTime() + timeoutMs);
  await tx.approval.createMany({
    data: calls.map(({ toolUseId, connection, tool, args }) => {
      const row = {
        id: newId(),
        executionId,
        stepId,
        toolUseId,
        connection,
        tool,
        argumentsHash: Uint8Array.from(hashOf(args)),
        createdAt: now,
        expiresAt,
      };
      const open = { status: 'pending' as const, decidedBy: null, decidedAt: null, note: null, usedAt: null };
      return { ...row, arguments: JSON.stringify(args), mac: guard.sign('approvals', { ...row, ...open }) };
    }),
  });
  const conversation = { sessionId: session.id, entries: session.entries };
  const mac = guard.sign('step_sessions', { executionId, stepId, ...conversation });
  const kept = { ...conversation, mac };
  await tx.stepSession.upsert({
    where: { executionId_stepId: { executionId, stepId } },
    create: { executionId, stepId, createdAt: now, ...kept },
    update: kept,
  });
  await tx.executionStep.update({
    where: { executionId_stepId: { executionId, stepId } },
    data: { status: 'pending', usage: usage as unknown as Prisma.InputJsonValue },
  });
  await tx.execution.update({
    where: { id: executionId },
    data: { status: 'waiting_approval', claimedBy: null, waitingSince: now },
  });
  const pending = await pendingOf(tx, executionId);
  await appendEvents(tx, executionId, [
    { kind: 'usage', step: stepId, data: total },
    { kind: 'step', step: stepId, data: { id: stepId, of, status: 'pending' } },
    { kind: 'status', step: stepId, data: { status: 'waiting_approval', waitingFor: shown(pending) } },
  ]);
  for (const row of pending) {
    await recordAudit(tx, {
      action: 'approval.requested',
      actor: 'agent',
      subject: row.id,
      data: {
        executionId,
        stepId,
        connection: row.connection,
        tool: row.tool,
        argumentsHash: Buffer.from(row.argumentsHash).toString('hex'),
      },
    });
  }
  await announce(
    { queue, tx },
    {
      event: 'waiting',
      executionId,
      at: now,
      // What it would be called with is content: who is told looks it up.
      detail: {
        approvals: pending.map((row) => ({
          id: row.id,
          // As a person is shown it: nothing in a name may hide.
          tool: visibleText(formatToolName(row)),
          expiresAt: row.expiresAt.toISOString(),
        })),
      },
    },
  );
}

export const pendingOf = (tx: Transaction, executionId: string): Promise<ApprovalRow[]> =>
  tx.approval.findMany({ where: { executionId, status: 'pending' }, orderBy: { id: 'asc' } });

/** As the event `status` shows them. */
export const shown = (rows: readonly ApprovalRow[]) =>
  rows.map((row) => ({
    approvalId: row.id,
    name: formatToolName(row),
    arguments: argumentsOf(row),
    expiresAt: row.expiresAt.toISOString(),
  }));
