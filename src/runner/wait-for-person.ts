import type { Usage } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
import { holdClaim } from '../executions/claims.ts';
import { findExecution } from '../executions/find-execution.ts';
import { requestApprovals } from '../executions/request-approvals.ts';
import type { Queue } from '../queue/queue.ts';
import type { Vault } from '../vault/vault.ts';
import type { StepPlace } from './step-checkpoints.ts';
import type { StepEnd } from './step-run.ts';

/**
 * Has a run wait for a person to decide about the calls of its step.
 *
 * @param limits `total`: what the run has used so far; `timeoutMs`: how long the person may take
 * @returns false when somebody cancelled the run in this moment: then it does not begin to wait
 * @throws ClaimLostError
 */
export async function waitForPerson(
  { db, queue, vault, workerId }: { db: Database; queue: Queue; vault: Vault; workerId: string },
  place: StepPlace,
  { waiting, session, usage }: Extract<StepEnd, { waiting: unknown }>,
  { total, timeoutMs }: { total: Usage; timeoutMs: number },
): Promise<boolean> {
  await vault.upToDate();
  const entries = JSON.stringify(storableJson(vault.redactor.value(session.entries)));
  return await db.transaction(async (tx) => {
    await holdClaim(tx, place.executionId, workerId);
    const { cancelRequestedAt } = await findExecution(tx, place.executionId);
    if (cancelRequestedAt !== null) return false;
    const conversation = { id: session.id, entries };
    await requestApprovals(
      { queue, tx },
      { ...place, calls: waiting, session: conversation, usage, total, timeoutMs },
    );
    return true;
  });
}
