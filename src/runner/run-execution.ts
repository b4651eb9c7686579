/** One run from its claim to its final row: the steps that are not done yet, in order. */

import type { AgentShape } from '../agents/agent.ts';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { defaultModel, readModelSettings } from '../config/model-settings.ts';
import { type Usage, usageSchema } from '../contract/executions.ts';
import { type SkillDefinition, type Step, skillDefinitionSchema } from '../contract/skills.ts';
import type { Prisma } from '../database/client.ts';
import { storableJson, storableText } from '../database/storable.ts';
import { appendEvents } from '../executions/append-events.ts';
import { holdClaim } from '../executions/claims.ts';
import { type ExecutionRow, findExecution } from '../executions/find-execution.ts';
import { finishExecution } from '../executions/finish-execution.ts';
import { requestApprovals } from '../executions/request-approvals.ts';
import { resendJob } from '../executions/resend-job.ts';
import { addUsage, noUsage } from '../executions/usage.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { Failure } from '../kernel/failure.ts';
import type { Settings } from '../kernel/settings.ts';
import { fullModelName } from '../money/prices.ts';
import { isCostCap } from '../money/spend/caps.ts';
import { ledgerLimit } from '../money/spend/ledger-limit.ts';
import type { Queue } from '../queue/queue.ts';
import { toAgentForm } from '../skills/output-form.ts';
import { rowAltered, rowGuardOf } from '../vault/row-guard.ts';
import { claimExecution, releaseExecution } from './claim-execution.ts';
import { EventWriter } from './event-writer.ts';
import { isStepSafe, type RetryDelays, retryAfter } from './retry.ts';
import { runStep, type StepDeps, type StepEnd } from './run-step.ts';
import { readResume } from './step-approvals.ts';

export type RunDeps = StepDeps & {
  queue: Queue;
  settings: Pick<Settings, 'model'>;
  /** Who runs it. */
  workerId: string;
  retryDelays: RetryDelays;
};

/** Why a run is stopped from outside. */
export const cancelled = (): AlfredError => new AlfredError('E_CANCELLED', 'The run was cancelled.');
/** The claim is another's by now: nothing of the run is written any more. */
export const lost = (): AlfredError => new AlfredError('E_CONFLICT', 'Another worker has the run.');
export const stopping = (): AlfredError => new AlfredError('E_NOT_READY', 'The VM is stopping.');
const isOfWorker = (reason: unknown): boolean =>
  reason instanceof AlfredError && (reason.code === 'E_NOT_READY' || reason.code === 'E_CONFLICT');

const timedOut = (ms: number) =>
  new AlfredError(
    'E_RUN_TIMEOUT',
    `The run took longer than its limit of ${Math.round(ms / 1000)} seconds.`,
    {
      remedy: "Raise the skill's timeoutMs, or make its steps smaller.",
    },
  );

/**
 * Runs an execution, or goes on with one that a dead worker left. Returns when this worker has nothing more to do with it.
 *
 * @param signal aborted with `cancelled()`, `stopping()` or `lost()`; a run that is stopped for the worker's sake goes back
 *   to the queue
 * @throws ClaimLostError, and what keeps the record from being written
 */
export async function runExecution(deps: RunDeps, executionId: string, signal: AbortSignal): Promise<void> {
  const { workerId } = deps;
  const claim = await claimExecution(deps, executionId, workerId);
  if (claim === undefined) return;
  const { row, spent } = claim;
  const log = deps.log.child({ executionId, skill: row.skillSlug });
  if ('failure' in claim) {
    const status = claim.failure.code === 'E_CANCELLED' ? 'cancelled' : 'failed';
    await finishExecution(deps, executionId, {
      status,
      error: claim.failure,
      usage: spent,
      holder: row.claimedBy,
    });
    log.info({ code: claim.failure.code }, 'run ended');
    return;
  }
  const { definition, limits, shapeOf } = await planOf(deps, row);
  const timer = new AbortController();
  // Of this attempt: the time that the VM was down is none that the run took.
  const timeout = setTimeout(() => timer.abort(timedOut(limits.timeoutMs)), limits.timeoutMs);
  const stop = AbortSignal.any([signal, timer.signal]);
  const events = new EventWriter(deps, executionId, workerId);
  const spender = { executionId, skillId: row.skillId ?? undefined, runCapUsd: limits.maxCostUsd };
  const budget = row.mode === 'live' ? [ledgerLimit({ ...deps, log }, spender)] : [];
  let total = spent;
  log.info({ mode: row.mode, model: row.model }, 'run started');
  try {
    for (const step of definition.steps) {
      const state = claim.steps.get(step.id);
      if (state?.status === 'done') continue;
      const attempt = (state?.attempt ?? 0) + 1;
      await beginStep(deps, executionId, step, attempt, definition.steps.length);
      const resume = await readResume(deps, executionId, step.id);
      const part = await runStep(
        { ...deps, log: log.child({ step: step.id }) },
        {
          executionId,
          mode: row.mode,
          step,
          attempt,
          input: (row.input ?? {}) as Record<string, unknown>,
          earlier: await outputsBefore(deps, executionId, step.id),
          shape: shapeOf(step),
          budget,
          events,
          resume,
          workerId,
          signal: stop,
          mayDispatch: () => deps.db.transaction((tx) => holdClaim(tx, executionId, workerId)),
          onUsage: (usage) => events.push({ kind: 'usage', step: step.id, data: addUsage(total, usage) }),
        },
      );
      total = addUsage(total, part.usage);
      // What a step used before it waited is part of what it used.
      const before = resume && state?.usage ? usageSchema.parse(state.usage) : noUsage();
      const end: StepEnd = { ...part, usage: addUsage(before, part.usage) };
      // Its end is none of the run's. Lost may be claims before this one: the worker was taken for dead, and is back.
      if ('failure' in end && signal.aborted && isOfWorker(signal.reason)) {
        await releaseExecution(deps, executionId, workerId);
        log.info(`run handed back: ${messageOf(signal.reason)}`);
        return;
      }
      const of = definition.steps.length;
      if ('waiting' in end) {
        const waits = await waitForPerson(deps, executionId, step, end, { total, of, limits });
        if (waits) {
          log.info({ calls: end.waiting.length }, 'run waits for a person');
          return;
        }
        await finishExecution(deps, executionId, {
          status: 'cancelled',
          error: { code: 'E_CANCELLED', message: 'The run was cancelled.' },
          usage: total,
          holder: workerId,
        });
        return;
      }
      if ('failure' in end) {
        const delay = await retryLater(deps, row, step, end.failure, { total, of });
        if (delay !== undefined) {
          log.warn({ code: end.failure.code, delay }, 'the model could not answer; the run goes on later');
          return;
        }
      }
      await endStep(deps, executionId, step, end, { total, of });
      if ('failure' in end) {
        const { code, message, remedy } = end.failure;
        const sentence = remedy === '' ? message : `${message} ${remedy}`;
        await finishExecution(deps, executionId, {
          status: code === 'E_CANCELLED' ? 'cancelled' : 'failed',
          error: { code, message: deps.vault.redactor.text(sentence) },
          usage: total,
          holder: workerId,
        });
        log.info({ code }, 'run ended');
        return;
      }
      deps.spares.prepare(shapeOf(definition.steps[step.id] ?? definition.steps[0] ?? step));
    }
    const outputs = await outputsBefore(deps, executionId, definition.steps.length + 1);
    await finishExecution(deps, executionId, {
      status: 'succeeded',
      output: outputs.at(-1)?.output,
      usage: total,
      holder: workerId,
    });
    log.info({ costUsd: total.costUsd }, 'run succeeded');
    return;
  } finally {
    clearTimeout(timeout);
  }
}

type Plan = {
  definition: SkillDefinition;
  limits: { timeoutMs: number; maxCostUsd: number | undefined; approvalTimeoutMs: number };
  shapeOf(step: Step): AgentShape;
};

/** The definition that the execution pinned, and its limits, each with its default from the config. */
async function planOf(deps: RunDeps, row: ExecutionRow): Promise<Plan> {
  const version = await deps.db.prisma.skillVersion.findFirst({
    where: { contentHash: row.skillHash, version: row.skillVersion },
  });
  if (!version) throw rowAltered('skill_versions', `${row.skillSlug} ${row.skillVersion}`);
  rowGuardOf(deps.db.prisma).check('skill_versions', version);
  const definition = skillDefinitionSchema.parse(version.definition);
  const model = await readModelSettings(deps);
  // The rehearsal model answers by another name; the agent is told one that it knows.
  const name = row.mode === 'rehearsal' || row.model === null ? defaultModel : row.model;
  return {
    definition,
    limits: {
      timeoutMs: definition.timeoutMs ?? model.runTimeoutMs,
      maxCostUsd: definition.maxCostUsd ?? model.maxCostPerRunUsd,
      approvalTimeoutMs: model.approvalTimeoutMs,
    },
    shapeOf: (step) => ({
      model: fullModelName(name),
      maxTurns: step.maxTurns ?? model.maxTurns,
      ...(definition.effort == null ? {} : { effort: definition.effort }),
      ...(step.outputSchema === undefined ? {} : { outputSchema: toAgentForm(step.outputSchema) }),
      ...(row.mode === 'live' && (step.approval ?? 'never') !== 'never'
        ? { keepsSession: true as const }
        : {}),
    }),
  };
}

async function beginStep(
  deps: RunDeps,
  executionId: string,
  step: Step,
  attempt: number,
  of: number,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await holdClaim(tx, executionId, deps.workerId);
    await tx.executionStep.update({
      where: { executionId_stepId: { executionId, stepId: step.id } },
      data: { status: 'running', attempt, startedAt: new Date(), finishedAt: null },
    });
    await appendEvents(tx, executionId, [
      { kind: 'step', step: step.id, data: { id: step.id, of, status: 'running' } },
    ]);
  });
}

/** @returns false when somebody cancelled the run in this moment: then it does not begin to wait */
async function waitForPerson(
  deps: RunDeps,
  executionId: string,
  step: Step,
  end: Extract<StepEnd, { waiting: unknown }>,
  { total, of, limits }: { total: Usage; of: number; limits: Plan['limits'] },
): Promise<boolean> {
  await deps.vault.upToDate();
  const entries = JSON.stringify(storableJson(deps.vault.redactor.value(end.session.entries)));
  return await deps.db.transaction(async (tx) => {
    await holdClaim(tx, executionId, deps.workerId);
    const { cancelRequestedAt } = await findExecution(tx, executionId);
    if (cancelRequestedAt !== null) return false;
    await requestApprovals(
      { queue: deps.queue, tx },
      {
        executionId,
        stepId: step.id,
        of,
        calls: end.waiting,
        session: { id: end.session.id, entries },
        usage: end.usage,
        total,
        timeoutMs: limits.approvalTimeoutMs,
      },
    );
    return true;
  });
}

/** The checkpoint: from here on a step that is done is never run again. */
async function endStep(
  deps: RunDeps,
  executionId: string,
  step: Step,
  end: Exclude<StepEnd, { waiting: unknown }>,
  { total, of }: { total: Usage; of: number },
): Promise<void> {
  const status = 'output' in end ? 'done' : 'failed';
  await deps.vault.upToDate();
  const output = 'output' in end ? storableText(deps.vault.redactor.text(end.output)) : null;
  const mac = rowGuardOf(deps.db.prisma).sign('execution_steps', { executionId, stepId: step.id, output });
  await deps.db.transaction(async (tx) => {
    await holdClaim(tx, executionId, deps.workerId);
    await tx.stepSession.deleteMany({ where: { executionId, stepId: step.id } });
    await tx.executionStep.update({
      where: { executionId_stepId: { executionId, stepId: step.id } },
      data: {
        ...{ status, output, finishedAt: new Date(), usage: end.usage as unknown as Prisma.InputJsonValue },
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
      { kind: 'usage', step: step.id, data: total },
      { kind: 'step', step: step.id, data: { id: step.id, of, status, output } },
    ]);
  });
}

/**
 * Sends the run back to the queue when its failure may pass: the step is to be done again, and nothing before it.
 *
 * @returns after how many seconds it is tried again; undefined when it is not
 */
async function retryLater(
  deps: RunDeps,
  row: ExecutionRow,
  step: Step,
  failure: Failure,
  { total, of }: { total: Usage; of: number },
): Promise<number | undefined> {
  const { id, trigger, retries } = row;
  return await deps.db.transaction(async (tx) => {
    await holdClaim(tx, id, deps.workerId);
    const run = { trigger, retries, isSafe: await isStepSafe(tx, id, step.id) };
    const delay = retryAfter(failure, run, deps.retryDelays);
    if (delay === undefined) return undefined;
    await tx.executionStep.update({
      where: { executionId_stepId: { executionId: id, stepId: step.id } },
      data: { status: 'pending', finishedAt: new Date() },
    });
    await tx.execution.update({
      where: { id },
      data: { status: 'queued', claimedBy: null, retries: retries + 1 },
    });
    const error = `${deps.vault.redactor.text(failure.message)} It is tried again in ${delay} seconds.`;
    await appendEvents(tx, id, [
      { kind: 'usage', step: step.id, data: total },
      { kind: 'step', step: step.id, data: { id: step.id, of, status: 'pending' } },
      { kind: 'status', data: { status: 'queued', errorCode: failure.code, error } },
    ]);
    await resendJob({ queue: deps.queue, tx }, id, { delaySeconds: delay });
    return delay;
  });
}

async function outputsBefore(deps: RunDeps, executionId: string, stepId: number) {
  const steps = await deps.db.prisma.executionStep.findMany({
    where: { executionId, stepId: { lt: stepId }, status: 'done' },
    orderBy: { stepId: 'asc' },
  });
  for (const step of steps) rowGuardOf(deps.db.prisma).check('execution_steps', step);
  return steps.map((step) => ({ id: step.stepId, output: step.output ?? '' }));
}
