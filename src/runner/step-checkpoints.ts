/** A step's beginning and its end on record. */

import { recordAudit, systemActor } from '../audit/record-audit.ts';
import type { Usage } from '../contract/executions.ts';
import type { Database, Prisma } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import { appendEvents } from '../executions/append-events.ts';
import { holdClaim } from '../executions/claims.ts';
import { timeNow } from '../kernel/clock.ts';
import { isCostCap } from '../money/spend/caps.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';
import type { EarlierStep } from './prompt.ts';
import type { StepEnd } from './step-run.ts';

/** A step of a run that has so many. */
export type StepPlace = { executionId: string; stepId: number; of: number };

type Deps = { db: Database; vault: Vault; workerId: string };

/** @throws ClaimLostError */
export async function beginStep(
  { db, workerId }: Pick<Deps, 'db' | 'workerId'>,
  { executionId, stepId, of }: StepPlace,
  attempt: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    await holdClaim(tx, executionId, workerId);
    await tx.executionStep.update({
      where: { executionId_stepId: { executionId, stepId } },
      data: { status: 'running', attempt, startedAt: timeNow(), finishedAt: null },
    });
    await appendEvents(tx, executionId, [
      { kind: 'step', step: stepId, data: { id: stepId, of, status: 'running' } },
    ]);
  });
}

/**
 * The checkpoint: from here on a step that is done is never run again.
 *
 * @param total of the run
 * @throws ClaimLostError
 */
export async function endStep(
  { db, vault, workerId }: Deps,
  { executionId, stepId, of }: StepPlace,
  end: Exclude<StepEnd, { waiting: unknown }>,
  total: Usage,
): Promise<void> {
  const status = 'output' in end ? 'done' : 'failed';
  await vault.upToDate();
  const output = 'output' in end ? storableText(vault.redactor.text(end.output)) : null;
  const mac = rowGuardOf(db.prisma).sign('execution_steps', { executionId, stepId, output });
  await db.transaction(async (tx) => {
    await holdClaim(tx, executionId, workerId);
    await tx.stepSession.deleteMany({ where: { executionId, stepId } });
    await tx.executionStep.update({
      where: { executionId_stepId: { executionId, stepId } },
      data: {
        status,
        output,
        finishedAt: timeNow(),
        usage: end.usage as unknown as Prisma.InputJsonValue,
        ...(status === 'done' ? { mac } : {}),
      },
    });
    if ('failure' in end && isCostCap(end.failure.code)) {
      const { code } = end.failure;
      await recordAudit(tx, {
        action: 'budget.exceeded',
        actor: systemActor,
        subject: executionId,
        data: { code },
      });
    }
    await appendEvents(tx, executionId, [
      { kind: 'usage', step: stepId, data: total },
      { kind: 'step', step: stepId, data: { id: stepId, of, status, output } },
    ]);
  });
}

/**
 * What the steps that are done have said, in their order.
 *
 * @param stepId those before this one; all of them, when left out
 * @throws AlfredError E_ROW_ALTERED when somebody else changed an output
 */
export async function readOutputs(
  { prisma }: Database,
  executionId: string,
  stepId?: number,
): Promise<EarlierStep[]> {
  const steps = await prisma.executionStep.findMany({
    where: { executionId, status: 'done', ...(stepId === undefined ? {} : { stepId: { lt: stepId } }) },
    orderBy: { stepId: 'asc' },
  });
  for (const step of steps) rowGuardOf(prisma).check('execution_steps', step);
  return steps.map((step) => ({ id: step.stepId, output: step.output ?? '' }));
}
