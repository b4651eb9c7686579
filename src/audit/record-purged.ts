import type { Transaction } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import { timeNow } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { callPayloadHashOf, type KeptHashes, stepPayloadHashOf } from './execution-record.ts';

export type Purge = {
  actor: string;
  /** Finished ones; some hundred at a time. */
  executionIds: readonly string[];
  /** `by age`, `by total bytes`, `by hand`. */
  reason: string;
};

/**
 * Puts the dropping of executions' payloads on record. Call it first, in the transaction that drops them: it keeps the
 * hashes of the steps' outputs and of the calls' arguments, results and errors, so that the rows still fit the chain without
 * them. Of the execution's row itself only `input`, `output`, `trace` may go (with `purged_at` set), of a step `output`, of a
 * call `arguments`, `result` and `error`; events may go whole.
 */
export async function recordPurged(
  tx: Pick<Transaction, 'executionStep' | 'toolCall' | '$executeRaw'>,
  { actor, executionIds, reason }: Purge,
): Promise<void> {
  if (executionIds.length === 0) return;
  const where = { executionId: { in: [...executionIds] } };
  const steps = await tx.executionStep.findMany({
    where,
    select: { executionId: true, stepId: true, output: true },
  });
  const calls = await tx.toolCall.findMany({
    where,
    select: { id: true, executionId: true, arguments: true, result: true, error: true },
  });
  const stepsOf = Map.groupBy(steps, ({ executionId }) => executionId);
  const callsOf = Map.groupBy(calls, ({ executionId }) => executionId);
  const events = executionIds.map((id) => {
    const kept: KeptHashes = {
      steps: Object.fromEntries((stepsOf.get(id) ?? []).map((one) => [one.stepId, stepPayloadHashOf(one)])),
      calls: Object.fromEntries((callsOf.get(id) ?? []).map((one) => [one.id, callPayloadHashOf(one)])),
    };
    return { id: newId(), subject: id, data: JSON.stringify({ reason, ...kept }) };
  });
  await tx.$executeRaw`
    INSERT INTO audit_inbox (id, at, actor, action, subject, data)
    SELECT id, ${timeNow()}, ${storableText(actor)}, 'execution.purged', subject, data
    FROM unnest(${events.map(({ id }) => id)}::uuid[], ${events.map(({ subject }) => subject)}::text[],
      ${events.map(({ data }) => data)}::jsonb[]) AS event (id, subject, data)`;
}
