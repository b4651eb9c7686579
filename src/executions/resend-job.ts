import type { Transaction } from '../database/client.ts';
import type { Queue } from '../queue/queue.ts';
import { findExecution } from './find-execution.ts';
import { jobNameOf, jobOptions } from './job-options.ts';

/** Sends an execution's job anew, in the transaction that says why. */
export async function resendJob(
  { queue, tx }: { queue: Queue; tx: Transaction },
  executionId: string,
  options: { delaySeconds?: number } = {},
): Promise<void> {
  const row = await findExecution(tx, executionId);
  const { skillSlug, skillId, triggerDetail } = row;
  const skill =
    skillId === null
      ? null
      : await tx.skill.findUnique({ where: { id: skillId }, select: { concurrency: true } });
  const how = jobOptions({ ...row, slug: skillSlug, concurrency: skill?.concurrency ?? 1 });
  await queue.resend(tx, jobNameOf({ triggerDetail }), executionId, { executionId }, { ...how, ...options });
}
