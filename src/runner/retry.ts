/** Which failed steps are tried again later, and when: what the model's side may get over by itself, and nothing else. */

import type { ErrorCode } from '../contract/errors.ts';
import { type TriggerType, triggers } from '../contract/trigger-types.ts';
import type { Transaction } from '../database/client.ts';
import type { Failure } from '../kernel/failure.ts';

const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'E_MODEL_OVERLOADED',
  'E_MODEL_RATE_LIMITED',
  'E_MODEL_UNREACHABLE',
  'E_MODEL_TIMEOUT',
]);

/** By how a run was started, in seconds. */
export type RetryDelays = (trigger: TriggerType) => readonly number[];
export const retryDelays: RetryDelays = (trigger) => triggers[trigger].retryDelays;
export const noRetries: RetryDelays = () => [];

/** The endpoint's own wish is heard, up to this, in seconds. */
const longestWish = 600;

/**
 * When a failed step is tried again, in seconds from now; undefined when it is not.
 *
 * @param isSafe nothing in the step may have had an effect
 */
export function retryAfter(
  failure: Failure,
  run: { trigger: TriggerType; retries: number; isSafe: boolean },
  delays: RetryDelays,
): number | undefined {
  if (!passing.has(failure.code) || !run.isSafe) return undefined;
  const delay = delays(run.trigger)[run.retries];
  // Some spread, so that what failed together does not come back together.
  return delay === undefined
    ? undefined
    : Math.ceil(
        Math.max(delay, Math.min(failure.retryAfterSeconds ?? 0, longestWish)) * (1 + Math.random() / 5),
      );
}

/** Whether no call that changes anything was sent in a step, at whichever attempt. */
export async function isStepSafe(tx: Transaction, executionId: string, stepId: number): Promise<boolean> {
  const risky = await tx.toolCall.findFirst({
    where: { executionId, stepId, readOnly: false, dispatchedAt: { not: null } },
    select: { id: true },
  });
  return risky === null;
}
