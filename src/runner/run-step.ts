/** One step of one run: an agent, a gateway, a ticket; out comes its output, or why there is none. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from '../agents/agent.ts';
import type { Prompt } from '../agents/inbox.ts';
import { type AgentSession, answerCalls, openCalls, resultBlockOf } from '../agents/session-entries.ts';
import { readConfig } from '../config/read-config.ts';
import type { Tape } from '../connections/tools/tape.ts';
import { noUsage } from '../contract/usage.ts';
import { tapeFor } from '../executions/read-recording.ts';
import type { WaitingCall } from '../executions/request-approvals.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { failureOf } from '../kernel/failure.ts';
import { shortageOf } from '../kernel/shortage.ts';
import type { ModelTicket } from '../model/tickets.ts';
import { isCostCap } from '../money/spend/caps.ts';
import { answerTurn } from './answer-turn.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { Line } from './gateway-servers.ts';
import { type Heard, type Listened, listenToAgent } from './listen-to-agent.ts';
import { dayOf, decidedPrompt, promptOf } from './prompt.ts';
import { commandOf, runCommand } from './run-command.ts';
import { answersOf, judgeCalls, type StepResume } from './step-approvals.ts';
import { outcomeOf, stoppedFailure } from './step-outcome.ts';
import { poolFor, toolsFor } from './step-reach.ts';
import type { StepDeps, StepEnd, StepRun } from './step-run.ts';
import { ticketStepOf } from './ticket-step.ts';
import { turnPrompt } from './turn-run.ts';
import { readUsedToolIds } from './used-tool-ids.ts';
import { asksOf, historyOf, keepWarm, standingOf } from './warm-turn.ts';

/** All that there is when the model is asked for the first time. */
type ReadyStep = Listened & {
  usedToolIds: string[];
  /** Where the agent's servers find this step. */
  line: Line;
  /** It was kept since the turn before. */
  isWarm: boolean;
};

/**
 * Runs a step to its end. When it is stopped, nothing of it is left running when this returns.
 *
 * @throws only what keeps the record from being written
 */
export async function runStep(deps: StepDeps, run: StepRun): Promise<StepEnd> {
  try {
    const { turn } = run;
    return turn === undefined || commandOf(run) !== undefined
      ? await tryStep(deps, run)
      : await answerTurn(deps, { ...run, turn }, (now) => tryStep(deps, now));
  } finally {
    await run.events.drain();
  }
}

async function tryStep(deps: StepDeps, run: StepRun): Promise<StepEnd> {
  if (run.signal.aborted) return { usage: noUsage(), failure: stoppedFailure(run.signal.reason) };
  const over = new AbortController();
  const end = () => over.abort();
  run.signal.addEventListener('abort', end, { once: true });
  try {
    const command = commandOf(run);
    if (run.turn && command) return await runCommand(deps, run, { turn: run.turn, command }, over.signal);
    const ready = await makeReady(deps, run, over.signal).catch((error: unknown) => notStarted(run, error));
    return 'agent' in ready ? await carryOut(deps, run, ready, over) : ready;
  } finally {
    run.signal.removeEventListener('abort', end);
    over.abort();
  }
}

/**
 * Starts the step's servers and its agent, and does what a person has decided meanwhile.
 *
 * @param signal aborted when the step is over: tool calls in flight are cancelled
 * @throws AlfredError why the step cannot begin
 */
async function makeReady(deps: StepDeps, run: StepRun, signal: AbortSignal): Promise<ReadyStep> {
  const { executionId, step, attempt, mayDispatch } = run;
  const tape = await tapeOf(deps, run);
  const tools = await toolsFor(deps, run, tape);
  // The first attempt at the first step has none.
  const isFirst = attempt === 1 && run.resume === undefined && run.earlier.length === 0;
  const usedToolIds = isFirst ? [] : await readUsedToolIds(deps.db, executionId);
  // What a person has decided goes into the conversation that waited for it.
  const warm =
    run.turn === undefined || run.resume !== undefined
      ? undefined
      : deps.warm.take(standingOf(run, run.turn, run.turn.after, tools), turnPrompt(run.turn, undefined));
  const line = warm?.line ?? new Line();
  const gateway = openGateway(
    { ...deps, pool: poolFor(deps, run, signal) },
    {
      executionId,
      stepId: step.id,
      attempt,
      tools,
      maySearch: !run.isRehearsed,
      signal,
      mayDispatch,
      needsApproval: asksOf(run),
      tape,
      onToolCall: (name, news) =>
        run.events.push({ kind: 'tool_call', step: step.id, data: { ...news, name } }),
    },
    line,
  );
  const resumed = run.resume && (await answerAll(deps, run, gateway, run.resume));
  const agent = warm?.agent ?? (await deps.spares.take(run.shape, run.signal, resumed ?? historyOf(run)));
  deps.log.debug({ executionId, step: step.id, isWarm: warm !== undefined }, 'agent ready');
  return { agent, gateway, tools, resumed, usedToolIds, line, isWarm: warm !== undefined };
}

/** Has the agent do the step, and ends it. Aborts `over` with it. */
async function carryOut(
  deps: StepDeps,
  run: StepRun,
  ready: ReadyStep,
  over: AbortController,
): Promise<StepEnd> {
  const { agent, gateway } = ready;
  const ticket = agent.token.issue(ticketStepOf(run, ready));
  let isKept = false;
  const stop = () => {
    // In this order: no model call and no tool call may begin any more, then the agent is stopped.
    ticket.revoke();
    over.abort();
    // Of an answer all that was said is written down word by word: its agent has nothing to add, and its person waits.
    void (run.turn === undefined ? agent.stop() : agent.end());
  };
  try {
    if (run.signal.aborted) stop();
    else run.signal.addEventListener('abort', stop, { once: true });
    const calls = judgeCalls(deps, gateway, { asks: asksOf(run) });
    const prompt = await promptFor(deps, run, ready);
    const heard = await listenToAgent(run, ready, prompt, calls.judge, stop);
    const waiting = [...calls.waiting.values()];
    if (waiting.length > 0 && isDeferred(heard, ticket) && !run.signal.aborted) {
      agent.hangUp();
      const session = await wholeSession(agent, waiting);
      return { usage: ticket.usage(), waiting, session };
    }
    const end = { usage: ticket.usage(), ...outcomeOf(run, heard, ticket) };
    run.signal.removeEventListener('abort', stop);
    isKept = 'output' in end && (await keepWarm(deps, run, ready, ticket));
    return end;
  } finally {
    run.signal.removeEventListener('abort', stop);
    over.abort();
    if (!isKept) {
      ticket.revoke();
      // Whatever becomes of the record, nothing of the step stays behind.
      await agent.end();
    }
  }
}

/** What answers the calls of a replay; undefined for every other run. */
const tapeOf = async (
  { db }: StepDeps,
  { executionId, replayOf, step, mode }: StepRun,
): Promise<Tape | undefined> =>
  mode === 'replay'
    ? await tapeFor(db.prisma, { executionId, replayOf: replayOf ?? executionId, stepId: step.id })
    : undefined;

/** @throws what is no failure of the step */
function notStarted({ signal }: StepRun, error: unknown): StepEnd {
  if (signal.aborted) return { usage: noUsage(), failure: stoppedFailure(signal.reason) };
  // What the machine had none left of keeps the record from being written as well.
  if (!isAlfredError(error) || shortageOf(error) !== undefined) throw error;
  return { usage: noUsage(), failure: failureOf(error) };
}

/** Does what the person decided, before the agent goes on: its conversation has the answers then. */
async function answerAll(
  deps: StepDeps,
  run: StepRun,
  gateway: Gateway,
  { session, approvals }: StepResume,
): Promise<AgentSession> {
  const answers = await answersOf({ db: deps.db, gateway, workerId: run.workerId }, approvals);
  run.events.push({
    kind: 'message',
    step: run.step.id,
    data: { type: 'user', message: { role: 'user', content: answers.map(resultBlockOf) } },
  });
  return answerCalls(session, answers, timeNow());
}

async function promptFor(
  { db }: StepDeps,
  run: StepRun,
  { resumed, isWarm }: Pick<ReadyStep, 'resumed' | 'isWarm'>,
): Promise<Prompt> {
  if (run.turn && isWarm) return turnPrompt(run.turn, undefined);
  const { timezone } = await readConfig(db.prisma, 'timezone');
  const day = dayOf(timeNow(), timezone);
  if (resumed) return decidedPrompt(day);
  if (run.turn) return turnPrompt(run.turn, day);
  return promptOf(run, day);
}

/** Whether the agent has put calls off for a person, and not merely met the run's cap. */
const isDeferred = ({ result }: Heard, ticket: ModelTicket): boolean =>
  result?.terminal_reason === 'tool_deferred' && !isCostCap(ticket.lastFailure()?.code);

/** How long the SDK may take to hand over what its agent said last, in milliseconds. */
const sessionMs = 10_000;

/** @throws AlfredError E_AGENT_FAILED when the conversation does not come whole */
async function wholeSession(agent: Agent, waiting: readonly WaitingCall[]): Promise<AgentSession> {
  const ids = new Set(waiting.map(({ toolUseId }) => toolUseId));
  for (const end = performance.now() + sessionMs; ; await sleep(20)) {
    const session = agent.session();
    if (session && openCalls(session.entries).symmetricDifference(ids).size === 0) return session;
    if (performance.now() > end)
      throw new AlfredError('E_AGENT_FAILED', 'The agent did not hand over its conversation.');
  }
}
