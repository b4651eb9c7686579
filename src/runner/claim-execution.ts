/** Taking an execution to run it: a new one, or one that a dead worker left in the middle of a step. */

import type { ErrorCode } from '../contract/errors.ts';
import { isFinal } from '../contract/execution-status.ts';
import type { Usage } from '../contract/executions.ts';
import { noUsage } from '../contract/usage.ts';
import { type Database, Prisma, type Transaction } from '../database/client.ts';
import { appendEvents } from '../executions/append-events.ts';
import { checkStart } from '../executions/check-start.ts';
import { ClaimLostError } from '../executions/claims.ts';
import { isBehindAnother } from '../executions/end-turn.ts';
import { type ExecutionRow, findExecution } from '../executions/find-execution.ts';
import { tookMs } from '../executions/finish-execution.ts';
import { isAside } from '../executions/is-aside.ts';
import { lockExecution } from '../executions/lock-execution.ts';
import { resendJob } from '../executions/resend-job.ts';
import { spentSoFar } from '../executions/spent-so-far.ts';
import { timeNow } from '../kernel/clock.ts';
import { isAlfredError } from '../kernel/errors.ts';
import type { Queue } from '../queue/queue.ts';
import { rowGuardOf } from '../vault/row-guard.ts';

type StepRow = Prisma.ExecutionStepGetPayload<Record<string, never>>;

/** `ranMs`: how long it ran before, in earlier processes and before it waited for a person, in milliseconds. */
export type Claim = { row: ExecutionRow; spent: Usage } & (
  | {
      steps: ReadonlyMap<number, StepRow>;
      /** The step that was begun with the claim. */
      begun?: number;
      ranMs: number;
    }
  | { failure: { code: ErrorCode; message: string } }
);

/**
 * Claims an execution for a worker.
 *
 * @returns undefined when there is nothing to run: it has ended, waits for a person or for its turn, or another worker has it
 */
export async function claimExecution(
  { db, queue }: { db: Database; queue: Queue },
  id: string,
  workerId: string,
): Promise<Claim | undefined> {
  return await db.transaction(async (tx) => {
    await lockExecution(tx, id);
    const before = await findExecution(tx, id);
    if (isFinal(before.status) || before.status === 'waiting_approval') return undefined;
    // A dead worker's claims go with its row (roster.ts): this one is alive.
    if (before.claimedBy !== null && before.claimedBy !== workerId) return undefined;
    // Whoever ends the turn before it sends its job again.
    if (before.cancelRequestedAt === null && (await isBehindAnother(tx, id))) return undefined;
    if (before.cancelRequestedAt === null && !(await isItsTurn(tx, before))) {
      await resendJob({ queue, tx }, id);
      return undefined;
    }
    const spent = await spentSoFar(tx, id);
    const interruption = await inspectStepInFlight(tx, before);
    // Whoever cancelled it may have been killed before it was ended: nobody else will end it.
    if (before.cancelRequestedAt !== null) {
      return { row: before, spent, failure: { code: 'E_CANCELLED', message: 'The run was cancelled.' } };
    }
    if (interruption) return { row: before, spent, failure: interruption };
    const alteration = whyNotRun(tx, before);
    if (alteration) return { row: before, spent, failure: alteration };
    const now = timeNow();
    const row = await tx.execution.update({
      where: { id },
      data: { status: 'running', startedAt: before.startedAt ?? now, claimedBy: workerId },
    });
    if (before.status === 'queued') {
      await appendEvents(tx, id, [{ kind: 'status', data: { status: 'running' } }]);
    }
    const steps = await tx.executionStep.findMany({ where: { executionId: id } });
    return {
      row,
      spent,
      ranMs: tookMs(before, now),
      steps: new Map(steps.map((step) => [step.stepId, step])),
    };
  });
}

/**
 * An execution that was written down as this worker's own, with its first step begun (insert-execution.ts).
 *
 * @returns undefined when it is no more as it was written: then it is claimed like any other
 */
export async function readOwn(
  { db: { prisma } }: { db: Database },
  id: string,
  workerId: string,
): Promise<Claim | undefined> {
  const [row, steps] = await Promise.all([
    findExecution(prisma, id),
    prisma.executionStep.findMany({ where: { executionId: id }, orderBy: { stepId: 'asc' } }),
  ]);
  const [first] = steps;
  const isAsWritten = row.status === 'running' && row.claimedBy === workerId && first?.status === 'running';
  if (!isAsWritten || row.cancelRequestedAt !== null || first.attempt !== 1) return undefined;
  const failure = whyNotRun(prisma, row);
  if (failure) return { row, spent: noUsage(), failure };
  return {
    row,
    spent: noUsage(),
    ranMs: tookMs(row, timeNow()),
    steps: new Map(steps.map((step) => [step.stepId, step])),
    begun: first.stepId,
  };
}

/** What somebody else changed is not run; undefined when it is what this VM was asked for. */
function whyNotRun(tx: Transaction, row: ExecutionRow): { code: ErrorCode; message: string } | undefined {
  try {
    checkStart(tx, row);
    return undefined;
  } catch (error) {
    if (!isAlfredError(error, 'E_ROW_ALTERED')) throw error;
    return { code: error.code, message: `${error.message} ${error.remedy ?? ''}` };
  }
}

/**
 * Whether the skill allows one more run at once. The queue counts jobs to the same end, but two workers that look at the
 * same moment do not see what the other takes; here they do, one after the other.
 */
async function isItsTurn(tx: Transaction, row: ExecutionRow): Promise<boolean> {
  const { id, skillId } = row;
  if (skillId === null || isAside(row)) return true;
  const [skill] = await tx.$queryRaw<{ concurrency: number }[]>`
    SELECT concurrency FROM skills WHERE id = ${skillId}::uuid FOR NO KEY UPDATE`;
  const others = await tx.execution.count({
    where: {
      skillId,
      claimedBy: { not: null },
      id: { not: id },
      // As isAside has it.
      mode: { not: 'replay' },
      definition: { equals: Prisma.DbNull },
    },
  });
  return skill === undefined || others < skill.concurrency;
}

/**
 * Gives an execution back to the queue, to go on at once behind its last step done. One that nobody holds, as it was not
 * claimed yet, is sent anew.
 *
 * @param pause why it waits, for its events, and for how long
 * @throws ClaimLostError when another worker has it, or it has ended
 */
export async function releaseExecution(
  { db, queue }: { db: Database; queue: Queue },
  id: string,
  workerId: string,
  { why, ...pause }: { why?: string; delaySeconds?: number } = {},
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockExecution(tx, id);
    const row = await findExecution(tx, id);
    const isOurs = row.claimedBy === workerId;
    if (!isOurs && (row.claimedBy !== null || row.completedAt !== null)) throw new ClaimLostError(id);
    if (isOurs) {
      await tx.execution.update({ where: { id }, data: { status: 'queued', claimedBy: null } });
      const error = why === undefined ? {} : { error: `It waits, as ${why}.` };
      await appendEvents(tx, id, [{ kind: 'status', data: { status: 'queued', ...error } }]);
    }
    await resendJob({ queue, tx }, id, pause);
  });
}

/**
 * A step that was in flight is `unknown`: nobody knows how far it came. By the skill's `onCrash` it is run again (`auto`, the
 * default: unless a call that is neither read-only nor idempotent was sent in it and has no recorded result) or not.
 */
async function inspectStepInFlight(
  tx: Transaction,
  row: ExecutionRow,
): Promise<{ code: ErrorCode; message: string } | undefined> {
  const inFlight = await tx.executionStep.findFirst({
    where: { executionId: row.id, status: { in: ['running', 'unknown'] } },
  });
  if (!inFlight) return undefined;
  const { stepId } = inFlight;
  await tx.executionStep.update({
    where: { executionId_stepId: { executionId: row.id, stepId } },
    data: { status: 'unknown' },
  });
  const open = {
    executionId: row.id,
    stepId,
    status: { in: ['intended', 'dispatched'] },
  } satisfies Prisma.ToolCallWhereInput;
  const risky = await tx.toolCall.findFirst({
    where: {
      executionId: row.id,
      stepId,
      status: { in: ['dispatched', 'unknown'] },
      readOnly: false,
      idempotent: false,
    },
  });
  await tx.toolCall.updateMany({ where: open, data: { status: 'unknown', finishedAt: timeNow() } });
  const steps = await tx.executionStep.count({ where: { executionId: row.id } });
  await appendEvents(tx, row.id, [
    { kind: 'step', step: stepId, data: { id: stepId, of: steps, status: 'unknown' } },
  ]);
  // Nothing that a replay does has an effect.
  if (row.mode === 'replay') return undefined;

  const skill = row.skillId ? await tx.skill.findUnique({ where: { id: row.skillId } }) : null;
  // What somebody else wrote runs nothing a second time.
  const policy = skill && !rowGuardOf(tx).isIntact('skills', skill) ? 'hold' : skill?.onCrash;
  if (policy === 'rerun') return undefined;
  if (policy === 'hold') {
    return {
      code: 'E_INTERRUPTED',
      message: `The VM stopped in the middle of step ${stepId}, and the skill says that such a step is not run again by itself. Look at what it did, then retry by hand.`,
    };
  }
  if (!risky) return undefined;
  return {
    code: 'E_INTERRUPTED',
    message: `The VM stopped in the middle of step ${stepId}, after ${risky.tool} of "${risky.connection}" was called and before it answered. It may have had its effect, so the step is not run again by itself. Look, then retry by hand.`,
  };
}
