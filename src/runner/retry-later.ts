import type { Usage } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { appendEvents } from '../executions/append-events.ts';
import { holdClaim } from '../executions/claims.ts';
import type { ExecutionRow } from '../executions/find-execution.ts';
import { resendJob } from '../executions/resend-job.ts';
import { timeNow } from '../kernel/clock.ts';
import type { Failure } from '../kernel/failure.ts';
import type { Queue } from '../queue/queue.ts';
import type { Vault } from '../vault/vault.ts';
import { isStepSafe, type RetryDelays, retryAfter } from './retry.ts';
import type { StepPlace } from './step-checkpoints.ts';

export type RetryDeps = {
  db: Database;
  queue: Queue;
  vault: Vault;
  workerId: string;
  retryDelays: RetryDelays;
};

/**
 * Sends the run back to the queue when its failure may pass: the step is to be done again, and nothing before it.
 *
 * @param total what the run has used so far
 * @returns after how many seconds it is tried again; undefined when it is not
 * @throws ClaimLostError
 */
export async function retryLater(
  { db, queue, vault, workerId, retryDelays }: RetryDeps,
  { id, trigger, retries }: ExecutionRow,
  { stepId, of }: StepPlace,
  failure: Failure,
  total: Usage,
): Promise<number | undefined> {
  return await db.transaction(async (tx) => {
    await holdClaim(tx, id, workerId);
    const run = { trigger, retries, isSafe: await isStepSafe(tx, id, stepId) };
    const delay = retryAfter(failure, run, retryDelays);
    if (delay === undefined) return undefined;
    await tx.executionStep.update({
      where: { executionId_stepId: { executionId: id, stepId } },
      data: { status: 'pending', finishedAt: timeNow() },
    });
    await tx.execution.update({
      where: { id },
      data: { status: 'queued', claimedBy: null, retries: retries + 1 },
    });
    const error = `${vault.redactor.text(failure.message)} It is tried again in ${delay} seconds.`;
    await appendEvents(tx, id, [
      { kind: 'usage', step: stepId, data: total },
      { kind: 'step', step: stepId, data: { id: stepId, of, status: 'pending' } },
      { kind: 'status', data: { status: 'queued', errorCode: failure.code, error } },
    ]);
    await resendJob({ queue, tx }, id, { delaySeconds: delay });
    return delay;
  });
}
