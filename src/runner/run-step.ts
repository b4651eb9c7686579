/** One step of one run: an agent, a gateway, a ticket; out comes its output, or why there is none. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { SDKMessage, SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';
import type { Agent, AgentSession, AgentShape, AskedCall, Verdict } from '../agents/agent.ts';
import { FinalText } from '../agents/final-text.ts';
import { answerCalls, openCalls, resultBlockOf, saidIn } from '../agents/session-entries.ts';
import type { AgentSpares } from '../agents/spares.ts';
import { readTimezone } from '../config/timezone.ts';
import { readCatalog } from '../connections/tools/catalog.ts';
import type { Usage } from '../contract/executions.ts';
import type { Step } from '../contract/skills.ts';
import type { Database } from '../database/client.ts';
import type { WaitingCall } from '../executions/request-approvals.ts';
import { noUsage } from '../executions/usage.ts';
import { compileSchema, misfits } from '../json-schema/json-schema.ts';
import { AlfredError, isAlfredError, messageOf } from '../kernel/errors.ts';
import { type Failure, failureOf } from '../kernel/failure.ts';
import { classify, modelFailure } from '../model/failures.ts';
import { answerTool, isProgramWords } from '../model/program-words.ts';
import type { ModelTicket } from '../model/tickets.ts';
import type { Budget } from '../money/budgets.ts';
import { isCostCap } from '../money/spend/caps.ts';
import { connectionsOf } from '../skills/check-tools.ts';
import { fromAgentForm } from '../skills/output-form.ts';
import type { EventWriter } from './event-writer.ts';
import { type Gateway, type GatewayDeps, openGateway } from './gateway.ts';
import { dayOf, decidedPrompt, type EarlierStep, promptOf } from './prompt.ts';
import { answersOf, asksFor, judgeCalls, type StepResume } from './step-approvals.ts';
import { assertTools, leftOut, type StepTool, toolsOf } from './step-tools.ts';
import { readUsedToolIds } from './used-tool-ids.ts';

export type StepDeps = GatewayDeps & { db: Database; spares: AgentSpares };

export type StepRun = {
  executionId: string;
  mode: 'live' | 'rehearsal' | 'replay';
  step: Step;
  attempt: number;
  /** Of the run as it is stored, redacted. */
  input: Record<string, unknown>;
  earlier: readonly EarlierStep[];
  shape: AgentShape;
  budget: Budget;
  events: EventWriter;
  /** Aborted to stop the step; its reason says why. */
  signal: AbortSignal;
  onUsage(usage: Usage): void;
  /** Asked before each tool call; what it throws keeps the call from being sent. */
  mayDispatch(): Promise<void>;
  /** Given, the step goes on where it began to wait for a person. */
  resume: StepResume | undefined;
  workerId: string;
};

export type StepEnd = { usage: Usage } & (
  | { output: string }
  | { failure: Failure }
  /** Calls that a person is to be asked for; the agent is gone, and goes on from `session`. */
  | { waiting: readonly WaitingCall[]; session: AgentSession }
);

/**
 * Runs a step to its end. When it is stopped, nothing of it is left running when this returns.
 *
 * @throws only what keeps the record from being written
 */
export async function runStep(deps: StepDeps, run: StepRun): Promise<StepEnd> {
  if (run.signal.aborted) return { usage: noUsage(), failure: stoppedFailure(run.signal.reason) };
  let tools: StepTool[];
  try {
    tools = await toolsFor(deps, run);
  } catch (error) {
    return notStarted(run, error);
  }
  const over = new AbortController();
  const asks = asksFor(run.mode, run.step.approval);
  const gateway = openGateway(deps, {
    executionId: run.executionId,
    stepId: run.step.id,
    attempt: run.attempt,
    tools,
    signal: over.signal,
    mayDispatch: run.mayDispatch,
    needsApproval: asks,
    onToolCall: (name, news) =>
      run.events.push({ kind: 'tool_call', step: run.step.id, data: { ...news, name } }),
  });
  const end = () => over.abort();
  run.signal.addEventListener('abort', end, { once: true });
  let agent: Agent;
  let resumed: AgentSession | undefined;
  let usedToolIds: string[];
  try {
    resumed = run.resume && (await answerAll(deps, run, gateway, run.resume));
    usedToolIds = await readUsedToolIds(deps.db, run.executionId);
    agent = await deps.spares.take(run.shape, run.signal, resumed);
  } catch (error) {
    over.abort();
    await run.events.drain();
    return notStarted(run, error);
  } finally {
    run.signal.removeEventListener('abort', end);
  }
  deps.log.debug({ executionId: run.executionId, step: run.step.id }, 'agent ready');
  const ticket = agent.token.issue({
    executionId: run.executionId,
    stepId: run.step.id,
    mode: run.mode,
    model: run.shape.model,
    budget: run.budget,
    usedToolIds,
    isResumed: resumed !== undefined,
    ...(run.mode === 'rehearsal' ? { rehearsal: rehearsalOf(run, tools) } : {}),
    onUsage: run.onUsage,
  });
  const stop = () => {
    // In this order: no model call and no tool call may begin any more, then the agent is stopped.
    ticket.revoke();
    over.abort();
    void agent.stop();
  };
  try {
    if (run.signal.aborted) stop();
    else run.signal.addEventListener('abort', stop, { once: true });
    const calls = judgeCalls(deps, gateway, { tools, asks });
    const day = dayOf(new Date(), await readTimezone(deps.db.prisma));
    const prompt = resumed ? decidedPrompt(day) : promptOf(run.step, run.input, run.earlier, day);
    const heard = await listen(run, agent, gateway, { prompt, judge: calls.judge, resumed, tools, stop });
    const waiting = [...calls.waiting.values()];
    const isDeferred =
      heard.result?.terminal_reason === 'tool_deferred' &&
      waiting.length > 0 &&
      !isCostCap(ticket.lastFailure()?.code);
    if (isDeferred && !run.signal.aborted) {
      const session = await wholeSession(agent, waiting);
      return { usage: ticket.usage(), waiting, session };
    }
    return { usage: ticket.usage(), ...endOf(run, heard, ticket) };
  } finally {
    run.signal.removeEventListener('abort', stop);
    ticket.revoke();
    over.abort();
    // Whatever becomes of the record, nothing of the step stays behind.
    await agent.end();
    await run.events.drain();
  }
}

/**
 * The step's tools, their servers started: a model that is asked without them would say that it did what it was asked.
 *
 * @throws AlfredError why a connection is not there to be called, or why a name of `allowedTools` gives no tool
 */
async function toolsFor({ db, pool }: StepDeps, { step, signal }: StepRun): Promise<StepTool[]> {
  const connections = connectionsOf([step]);
  await pool.ready(connections, signal);
  const catalog = await readCatalog(db.prisma, connections);
  assertTools(step.allowedTools, catalog);
  return toolsOf(step.allowedTools, catalog);
}

/** @throws what is no failure of the step */
function notStarted({ signal }: StepRun, error: unknown): StepEnd {
  if (signal.aborted) return { usage: noUsage(), failure: stoppedFailure(signal.reason) };
  if (!isAlfredError(error)) throw error;
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
  return answerCalls(session, answers, new Date());
}

/** How long the SDK may take to hand over what its agent said last, in milliseconds. */
const sessionMs = 10_000;

/** @throws AlfredError E_AGENT_FAILED when the conversation does not come whole */
async function wholeSession(agent: Agent, waiting: readonly WaitingCall[]): Promise<AgentSession> {
  const ids = new Set(waiting.map(({ toolUseId }) => toolUseId));
  for (const end = Date.now() + sessionMs; ; await sleep(20)) {
    const session = agent.session();
    if (session && openCalls(session.entries).symmetricDifference(ids).size === 0) return session;
    if (Date.now() > end)
      throw new AlfredError('E_AGENT_FAILED', 'The agent did not hand over its conversation.');
  }
}

type Heard = {
  result: SDKResultMessage | undefined;
  text: FinalText;
  /** Tools of the step that the agent's program did not take. */
  leftOut: string[];
  assistantError: string | undefined;
  thrown: unknown;
};

/** Passes every message on to the record, and keeps what decides how the step ended. */
async function listen(
  run: StepRun,
  agent: Agent,
  gateway: Gateway,
  {
    prompt,
    judge,
    resumed,
    tools,
    stop,
  }: {
    prompt: string;
    judge: (call: AskedCall) => Promise<Verdict>;
    resumed: AgentSession | undefined;
    tools: readonly StepTool[];
    stop: () => void;
  },
): Promise<Heard> {
  const heard: Heard = {
    result: undefined,
    text: new FinalText(),
    leftOut: [],
    assistantError: undefined,
    thrown: undefined,
  };
  for (const said of resumed ? saidIn(resumed.entries) : []) heard.text.hear(said);
  run.events.push({
    kind: 'message',
    step: run.step.id,
    data: { type: 'user', message: { role: 'user', content: prompt } },
  });
  try {
    for await (const message of agent.ask(prompt, gateway.servers, judge)) {
      if (isNoise(message)) continue;
      const data = isProgramWords(message) ? { ...message, saidBy: 'program' } : { ...message };
      run.events.push({ kind: 'message', step: run.step.id, data });
      heard.text.hear(message);
      if (message.type === 'system' && message.subtype === 'init') {
        heard.leftOut = leftOut(toolNames(run, tools), message.tools);
        if (heard.leftOut.length > 0) stop();
      }
      if (message.type === 'result') heard.result = message;
      if (message.type === 'assistant') {
        heard.assistantError = message.error ?? heard.assistantError;
        await refuseOthers(message, gateway);
      }
    }
  } catch (error) {
    // After an error result the SDK throws as well: what was heard says more than what was thrown.
    heard.thrown = error;
  }
  return heard;
}

/** What the agent's program has to say that it has: the answer to an output schema is a tool of its own. */
const toolNames = ({ shape }: StepRun, tools: readonly StepTool[]): string[] => [
  ...tools.map(({ name }) => name),
  ...(shape.outputSchema === undefined ? [] : [answerTool]),
];

/** The program asks our gateway only for what it was shown; what else the model asks for is written down here. */
async function refuseOthers(
  message: Extract<SDKMessage, { type: 'assistant' }>,
  gateway: Gateway,
): Promise<void> {
  for (const block of message.message.content) {
    if (block.type !== 'tool_use' || gateway.mayUse(block.name) || block.name === answerTool) continue;
    await gateway.refuse(block.name, block.id, (block.input ?? {}) as Record<string, unknown>);
  }
}

/** Messages about the program itself. */
const isNoise = (message: SDKMessage): boolean =>
  (message.type as string) === 'keep_alive' || (message.type as string) === 'stream_event';

function endOf(run: StepRun, heard: Heard, ticket: ModelTicket): { output: string } | { failure: Failure } {
  if (run.signal.aborted) return { failure: stoppedFailure(run.signal.reason) };
  if (heard.leftOut.length > 0) {
    return { failure: modelFailure('toolsLeftOut', { detail: heard.leftOut.join(', ') }) };
  }
  const { result } = heard;
  const proxyFailure = ticket.lastFailure();
  // An answer that was cut short or declined is no result, even where the SDK takes it for one.
  if (result?.subtype === 'success' && !result.is_error && proxyFailure === undefined) {
    return outputOf(run, heard.text.output, result.structured_output, ticket);
  }
  const text =
    result === undefined
      ? undefined
      : result.subtype === 'success'
        ? result.result
        : result.errors?.join(' ');
  return {
    failure: classify({
      subtype: result?.subtype,
      assistantError: heard.assistantError,
      apiErrorStatus: result && 'api_error_status' in result ? result.api_error_status : undefined,
      terminalReason: result && 'terminal_reason' in result ? result.terminal_reason : undefined,
      stopReason: result?.stop_reason,
      text: text ?? (heard.thrown === undefined ? undefined : messageOf(heard.thrown)),
      model: run.shape.model,
      proxyFailure,
    }),
  };
}

/** What the agent's program calls a success is one when the model has said something, in the form that the step asks for. */
function outputOf(
  { step: { outputSchema }, shape: { model }, mode }: StepRun,
  text: string,
  structured: unknown,
  ticket: ModelTicket,
): { output: string } | { failure: Failure } {
  if (ticket.usage().modelCalls === 0) return { failure: modelFailure('notAsked') };
  if (outputSchema !== undefined && structured !== undefined) {
    const value = fromAgentForm(outputSchema, structured);
    const detail = whyUnfit(outputSchema, value);
    if (detail === undefined) return { output: JSON.stringify(value) };
    return { failure: modelFailure('outputSchema', { model, detail }) };
  }
  // The rehearsal model may find no example for a schema: its report says what it found.
  if (outputSchema !== undefined && mode !== 'rehearsal') {
    return { failure: modelFailure('outputSchema', { model, detail: 'it answered in prose' }) };
  }
  return text === '' ? { failure: modelFailure('noAnswer', { model }) } : { output: text };
}

function whyUnfit(schema: Record<string, unknown>, value: unknown): string | undefined {
  try {
    const wrong = misfits(compileSchema(schema), value);
    if (wrong.length === 0) return undefined;
    return wrong.map(({ field, message }) => `${field || '/'} ${message}`).join('; ');
  } catch (error) {
    // A check that took too long, or of a schema that was saved before today's rules.
    if (!isAlfredError(error)) throw error;
    return error.message;
  }
}

/** A late success is no success: the step was stopped. */
const stoppedFailure = (reason: unknown): Failure =>
  failureOf(
    reason instanceof AlfredError ? reason : new AlfredError('E_CANCELLED', 'The run was cancelled.'),
  );

const rehearsalOf = (run: StepRun, tools: readonly StepTool[]) => ({
  input: run.input,
  maxTurns: run.shape.maxTurns,
  tools: tools.map(({ name, definition }) => ({
    name,
    readOnly:
      definition.annotations?.readOnlyHint === true && definition.annotations.destructiveHint !== true,
    destructive: definition.annotations?.destructiveHint === true,
    description: definition.description,
    inputSchema: definition.inputSchema,
  })),
});
