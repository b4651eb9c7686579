import { recordAudit } from '../audit/record-audit.ts';
import type { Execution } from '../contract/executions.ts';
import type { Prisma, Transaction } from '../database/client.ts';
import { hashOf } from '../kernel/hash.ts';
import type { Queue } from '../queue/queue.ts';
import { appendEvents, type NewEvent } from './append-events.ts';
import { jobOptions } from './job-options.ts';

export type NewExecution = {
  id: string;
  skill: { id: string; slug: string; concurrency: number };
  version: { number: number; hash: Uint8Array<ArrayBuffer>; stepIds: readonly number[] };
  mode: 'live' | 'rehearsal';
  model: string;
  actor: string;
  trigger: Execution['trigger'];
  /** Redacted and storable, as `input` is. */
  triggerDetail: unknown;
  input: unknown;
  dedupeKey?: string | undefined;
  retryOf?: string | undefined;
  /** Outputs of steps that an earlier execution did, which are not done again. */
  doneBefore?: ReadonlyMap<number, string>;
};

/** Writes an execution's row, its steps, its first events and its job within `tx`: together, or not at all. */
export async function insertExecution(
  { queue, tx }: { queue: Queue; tx: Transaction },
  run: NewExecution,
): Promise<void> {
  const { id, skill, version, doneBefore = new Map<number, string>() } = run;
  await tx.execution.create({
    data: {
      id,
      skillId: skill.id,
      skillSlug: skill.slug,
      skillVersion: version.number,
      skillHash: version.hash,
      mode: run.mode,
      model: run.model,
      actor: run.actor,
      trigger: run.trigger,
      triggerDetail: run.triggerDetail as Prisma.InputJsonValue,
      dedupeKey: run.dedupeKey ?? null,
      retryOf: run.retryOf ?? null,
      input: run.input as Prisma.InputJsonValue,
      inputHash: Uint8Array.from(hashOf(run.input)),
    },
  });
  const now = new Date();
  await tx.executionStep.createMany({
    data: version.stepIds.map((stepId) => {
      const output = doneBefore.get(stepId);
      return output === undefined
        ? { executionId: id, stepId }
        : { executionId: id, stepId, status: 'done' as const, output, startedAt: now, finishedAt: now };
    }),
  });
  const of = version.stepIds.length;
  const carried = [...doneBefore].map(
    ([step, output]): NewEvent => ({ kind: 'step', step, data: { id: step, of, status: 'done', output } }),
  );
  await appendEvents(tx, id, [{ kind: 'status', data: { status: 'queued' } }, ...carried], now);
  const { slug, concurrency } = skill;
  await recordAudit(tx, {
    action: 'execution.queued',
    actor: run.actor,
    subject: id,
    data: {
      ...{ skill: slug, version: version.number, mode: run.mode, trigger: run.trigger },
      ...(run.retryOf === undefined ? {} : { retryOf: run.retryOf }),
    },
  });
  const options = jobOptions({ trigger: run.trigger, slug, concurrency });
  await queue.send(tx, 'execution.run', { executionId: id }, { ...options, id });
}
