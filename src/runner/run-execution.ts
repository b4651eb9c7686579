/** One run from its claim to its final row: the steps that are not done yet, in order. */

import { readTurn, type Turn, turnBehind } from '../chat/read-turn.ts';
import { readAhead } from '../chat/turn-ahead.ts';
import type { ToldTurn } from '../chat/turns-here.ts';
import { isRehearsed } from '../contract/execution-status.ts';
import { usageSchema } from '../contract/executions.ts';
import { addUsage, noUsage } from '../contract/usage.ts';
import { holdClaim } from '../executions/claims.ts';
import type { ExecutionRow } from '../executions/find-execution.ts';
import { type Ending, finishExecution } from '../executions/finish-execution.ts';
import { turnOf } from '../executions/turn.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { ledgerCap } from '../money/spend/ledger-cap.ts';
import { type Claim, claimExecution, readOwn, releaseExecution } from './claim-execution.ts';
import { EventWriter } from './event-writer.ts';
import { planFrom, planOf, type RunPlan } from './run-plan.ts';
import { runStep } from './run-step.ts';
import { endingOf, type SettleDeps, settleStep } from './settle-step.ts';
import { readResume } from './step-approvals.ts';
import { beginStep, readOutputs } from './step-checkpoints.ts';
import type { StepDeps } from './step-run.ts';
import { isOfWorker, timedOut } from './stop-reasons.ts';

export type RunDeps = StepDeps & SettleDeps & { settings: Pick<Settings, 'model'> };

type Claimed = Extract<Claim, { steps: unknown }>;

/**
 * Runs an execution, or goes on with one that a dead worker left. Returns when this worker has nothing more to do with it.
 *
 * @param ours given, it was written down as this worker's own, its first step begun
 * @param signal aborted with one of stop-reasons.ts; a run that is stopped for the worker's sake goes back to the queue
 * @throws ClaimLostError, and what keeps the record from being written
 */
export async function runExecution(
  deps: RunDeps,
  executionId: string,
  signal: AbortSignal,
  ours?: { told: ToldTurn | undefined },
): Promise<void> {
  const claim =
    (ours ? await readOwn(deps, executionId, deps.workerId) : undefined) ??
    (await claimExecution(deps, executionId, deps.workerId));
  if (claim === undefined) return;
  const claimedAt = performance.now();
  const log = deps.log.child({ executionId, skill: claim.row.skillSlug });
  const ending =
    'failure' in claim
      ? endingOf(claim.failure, claim.spent)
      : await runClaimed({ ...deps, log }, claim, signal, ours?.told);
  if (ending === undefined) return;
  const ranMs = 'failure' in claim ? undefined : claim.ranMs + performance.now() - claimedAt;
  await finishExecution(deps, executionId, {
    ...ending,
    ...(ranMs === undefined ? {} : { ranMs }),
    holder: claim.row.claimedBy,
  });
  if (ending.error) log.info({ code: ending.error.code }, 'run ended');
  else log.info({ costUsd: ending.usage?.costUsd }, 'run succeeded');
  await lookAhead({ ...deps, log }, claim.row);
}

/** Where the agent of a conversation is kept, what its next turn begins with is read now, while nobody waits for it. */
async function lookAhead({ db, warm, log }: RunDeps, row: ExecutionRow): Promise<void> {
  const conversationId = turnOf(row)?.conversationId;
  const line = conversationId === undefined ? undefined : warm.lineOf(conversationId);
  if (conversationId === undefined || line === undefined) return;
  line.ahead = undefined;
  try {
    line.ahead = await readAhead(db, conversationId);
  } catch (error) {
    // The turn itself reads it, and says what is wrong.
    log.debug({ err: error }, 'what the next turn begins with could not be read ahead');
  }
}

/** @returns how the run ends; undefined when somebody else goes on with it, now or later */
async function runClaimed(
  deps: RunDeps,
  claim: Claimed,
  signal: AbortSignal,
  told: ToldTurn | undefined,
): Promise<Ending | undefined> {
  const { mode, model } = claim.row;
  const { turn, plan } = (await begunAhead(claim.row, told)) ?? (await readBeginning(deps, claim.row));
  const { timeoutMs } = plan.limits;
  const timer = new AbortController();
  // Of this attempt: the time that the VM was down is none that the run took.
  const timeout = setTimeout(() => timer.abort(timedOut(timeoutMs)), timeoutMs);
  deps.log.info({ mode, model }, 'run started');
  try {
    return await runSteps(deps, claim, plan, { outside: signal, timer: timer.signal }, turn);
  } finally {
    clearTimeout(timeout);
  }
}

type Beginning = { turn: Turn | undefined; plan: RunPlan };

const readBeginning = async (deps: RunDeps, row: ExecutionRow): Promise<Beginning> => {
  const [turn, plan] = await Promise.all([readTurn(deps, row), planOf(deps, row)]);
  return { turn, plan };
};

/** Of what was read before the message came; undefined where that is not as it was. */
async function begunAhead(row: ExecutionRow, told: ToldTurn | undefined): Promise<Beginning | undefined> {
  const mark = turnOf(row);
  if (mark === undefined || told === undefined) return undefined;
  const { skill, ahead, asked } = told;
  if (!skill.hash.every((byte, at) => byte === row.skillHash[at]) || !(await told.isAsRead)) return undefined;
  return { turn: turnBehind(ahead.before, mark, asked), plan: planFrom(skill, row) };
}

async function runSteps(
  deps: RunDeps,
  { row, steps: states, spent, begun }: Claimed,
  plan: RunPlan,
  stop: { outside: AbortSignal; timer: AbortSignal },
  turn: Turn | undefined,
): Promise<Ending | undefined> {
  const executionId = row.id;
  const { approvalTimeoutMs } = plan.limits;
  const run = commonOf(deps, row, plan, AbortSignal.any([stop.outside, stop.timer]));
  let total = spent;
  for (const step of plan.steps) {
    const state = states.get(step.id);
    if (state?.status === 'done') continue;
    const place = { executionId, stepId: step.id, of: plan.steps.length };
    const hasBegun = step.id === begun;
    const attempt = (state?.attempt ?? 0) + (hasBegun ? 0 : 1);
    if (!hasBegun) await beginStep(deps, place, attempt);
    const resume = hasBegun ? undefined : await readResume(deps, executionId, step.id);
    const part = await runStep(
      { ...deps, log: deps.log.child({ step: step.id }) },
      {
        ...run,
        turn,
        step,
        attempt,
        resume,
        shape: plan.shapeOf(step, turn),
        earlier: hasBegun ? [] : await readOutputs(deps.db, executionId, step.id),
        onUsage: (usage) => run.events.push({ kind: 'usage', step: step.id, data: addUsage(total, usage) }),
      },
    );
    total = addUsage(total, part.usage);
    // Its end is none of the run's. Lost may be claims before this one: the worker was taken for dead, and is back.
    if ('failure' in part && stop.outside.aborted && isOfWorker(stop.outside.reason)) {
      await releaseExecution(deps, executionId, deps.workerId);
      deps.log.info(`run handed back: ${messageOf(stop.outside.reason)}`);
      return undefined;
    }
    // What a step used before it waited is part of what it used.
    const before = resume && state?.usage ? usageSchema.parse(state.usage) : noUsage();
    const end = { ...part, usage: addUsage(before, part.usage) };
    const after = await settleStep(deps, { row, total, approvalTimeoutMs }, place, end);
    if (after === 'is left') return undefined;
    if (after !== 'goes on') return after;
    deps.spares.prepare(plan.shapeOf(plan.steps[step.id] ?? plan.steps[0] ?? step, turn));
  }
  const outputs = await readOutputs(deps.db, executionId);
  return { status: 'succeeded', output: outputs.at(-1)?.output, usage: total };
}

/** What all steps of a run have in common. */
function commonOf(deps: RunDeps, row: ExecutionRow, { limits, files }: RunPlan, signal: AbortSignal) {
  const { workerId } = deps;
  const executionId = row.id;
  const spender = { executionId, skillId: row.skillId ?? undefined, runCapUsd: limits.maxCostUsd };
  return {
    executionId,
    workerId,
    signal,
    mode: row.mode,
    isRehearsed: isRehearsed(row),
    replayOf: row.replayOf,
    redactor: deps.vault.redactor,
    actor: row.actor,
    files,
    input: (row.input ?? {}) as Record<string, unknown>,
    caps: isRehearsed(row) ? [] : [ledgerCap(deps, spender)],
    events: new EventWriter(deps, executionId, workerId),
    mayDispatch: () => deps.db.transaction((tx) => holdClaim(tx, executionId, workerId)),
  };
}
