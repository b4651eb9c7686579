/** One call of the model, from the agent's request to the settled bill. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { configPlace } from '../../config/put-config.ts';
import type { Database } from '../../database/client.ts';
import { waitWhileAway } from '../../database/wait-while-away.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Failure } from '../../kernel/failure.ts';
import type { Logger } from '../../kernel/log.ts';
import { costOf, type Price, priceOf } from '../../money/prices.ts';
import type { Reservation } from '../../money/spend-caps.ts';
import { noTokens, type TokenCount } from '../../money/token-count.ts';
import { recordSecretUses } from '../../secrets/record-secret-uses.ts';
import type { Vault } from '../../vault/vault.ts';
import { endedBadly, modelFailure } from '../failures.ts';
import { withoutProgramWords } from '../program-words.ts';
import { ChatRehearsal } from '../rehearsal/chat-rehearsal.ts';
import { Rehearsal } from '../rehearsal/rehearsal.ts';
import { sendTurn } from '../rehearsal/send.ts';
import type { TicketStep } from '../tickets.ts';
import type { ModelWatch } from '../trouble.ts';
import { Refusal, sendJson } from './answers.ts';
import type { Outcome } from './call.ts';
import { type ModelEndpoint, modelKeyName, readModelEndpoint } from './endpoint.ts';
import { forward } from './forward.ts';
import { type Asked, holdMoney, type Leaving } from './hold-money.ts';
import {
  clampAnswer,
  type ModelRequestBody,
  type PromptSize,
  parseRequest,
  readBody,
  redactRequest,
} from './request.ts';
import type { Ticket } from './tickets.ts';

export type CallDeps = { db: Database; vault: Vault; log: Logger; dispatcher: Dispatcher; watch: ModelWatch };

export type AgentCall = {
  ticket: Ticket;
  path: '/v1/messages' | '/v1/messages/count_tokens';
  isBeta: boolean;
  request: IncomingMessage;
  response: ServerResponse;
  /** Aborts when the agent goes or its ticket is revoked. */
  signal: AbortSignal;
};

/** What the Messages API itself allows for an answer that is not streamed, in milliseconds. */
const wholeTimeoutMs = 600_000;

/** So often in a row the endpoint may be silent, before the agent is told to stop asking. */
const mostTimeouts = 2;

/**
 * Answers the agent.
 *
 * @throws Refusal, or AlfredError E_COST_CAP, E_MODEL_UNPRICED, E_SEALED_VALUE, E_VALIDATION, before anything was sent
 */
export async function answerCall(deps: CallDeps, call: AgentCall): Promise<void> {
  const { ticket, path, response } = call;
  const { run } = ticket;
  if (run.rehearsal) {
    rehearse(ticket, parseRequest(await readBody(call.request), run.model), call);
    return;
  }
  if (path === '/v1/messages') for (const cap of run.caps) cap.look?.();
  // It answers while the request comes in and is read; where it is started anew the call waits, as whatever else of the step does.
  const reading = waitWhileAway(() => readModelEndpoint(deps), call);
  reading.catch(() => {});
  const came = await readBody(call.request);
  const body = parseRequest(came, run.model);
  // The agent's program goes on from an answer that was cut; what the step has failed of stays.
  if (ticket.verdict) throw new Refusal(400, ticket.verdict);
  if (ticket.failure && ticket.timeouts >= mostTimeouts) throw new Refusal(504, ticket.failure);
  ticket.toolIds.learn(body.messages);
  const redact = (): Leaving => {
    const said = run.isResumed ? { ...body, messages: withoutProgramWords(body.messages) } : body;
    const redacted = redactRequest(said, deps.vault.redactor);
    return { redacted, text: JSON.stringify(redacted) };
  };
  const endpoint = await reading;
  if (!endpoint.hasKey && !endpoint.isOwn) throw new Refusal(401, modelFailure('noKey'));
  if (path === '/v1/messages') {
    await askModel(deps, call, endpoint, { body, came, redact });
    return;
  }
  const counting = { ...sendingOf(call, body), body: redact().text };
  await Promise.all([
    noteKeyUse(deps, run, endpoint),
    forward(upstreamOf(deps, endpoint), { ...counting, onTokens: () => {}, conclude: () => {} }, response),
  ]);
}

const upstreamOf = ({ dispatcher, vault }: CallDeps, endpoint: ModelEndpoint) => ({
  ...endpoint,
  dispatcher,
  redactor: vault.redactor,
});

const sendingOf = ({ path, isBeta, request, ticket, signal }: AgentCall, { model }: ModelRequestBody) => ({
  path,
  isBeta,
  model,
  signal,
  headers: request.headers,
  toolIds: ticket.toolIds,
});

/** Reserves what the call can cost, makes it, and settles what it did cost. */
async function askModel(
  deps: CallDeps,
  call: AgentCall,
  endpoint: ModelEndpoint,
  asked: Asked,
): Promise<void> {
  const { ticket } = call;
  const { run } = ticket;
  const { body } = asked;
  const price = priceOf(body.model, endpoint.prices);
  const { reservation, size, redacted, text: unclamped } = await holdMoney(call, price, asked);
  const isClamped =
    reservation.maxTokens !== undefined && reservation.maxTokens < (body.max_tokens ?? Infinity);
  const sent = isClamped ? clampAnswer(redacted, reservation.maxTokens ?? 0) : redacted;
  const text = isClamped ? JSON.stringify(sent) : unclamped;
  const entry = ticket.begin(price);
  ticket.calls += 1;
  tellRequest(ticket, sent, { bytes: Buffer.byteLength(text), clamped: isClamped });
  let settled: Promise<unknown> = Promise.resolve();
  const conclude = (outcome: Outcome) => {
    settle(ticket, outcome, { size, shortage: isClamped ? reservation.shortage : undefined });
    entry.finish(outcome.tokens, outcome.state === 'answered');
    const bill = billOf(outcome, price, reservation, body.stream === true);
    settled = Promise.all([reservation.settle(bill), deps.watch.tell(run.model, outcome)]);
    log(deps.log, ticket, outcome);
  };
  const noted = noteKeyUse(deps, run, endpoint);
  try {
    // An answer that is not streamed says nothing until it is whole.
    const timeoutMs = Math.max(endpoint.timeoutMs, body.stream === true ? 0 : wholeTimeoutMs);
    const onTokens = (tokens: TokenCount) => entry.update(tokens);
    const sending = { ...sendingOf(call, body), body: text, onTokens, conclude };
    await forward({ ...upstreamOf(deps, endpoint), timeoutMs }, sending, call.response);
  } catch (error) {
    entry.finish(noTokens, false);
    settled = reservation.settle(0);
    throw error;
  } finally {
    await Promise.all([settled, noted]);
  }
}

/** For whoever wants to know of every request that is about to be sent. */
const tellRequest = (
  { run, calls }: Ticket,
  { model, tools, max_tokens: maxTokens }: ModelRequestBody,
  { bytes, clamped }: { bytes: number; clamped: boolean },
) =>
  run.onRequest?.({
    call: calls,
    model,
    bytes,
    clamped,
    tools: (tools ?? []).map(({ name }) => name),
    maxTokens: maxTokens ?? undefined,
  });

/** While the endpoint answers: a model call does not wait for it. */
async function noteKeyUse(
  deps: CallDeps,
  { executionId, stepId }: TicketStep,
  { hasKey, baseUrl: { host: destination } }: ModelEndpoint,
): Promise<void> {
  if (!hasKey) return;
  try {
    const secrets = [{ place: configPlace(modelKeyName), label: modelKeyName }];
    await recordSecretUses(deps.db, { secrets, destination, executionId, stepId });
  } catch (error) {
    deps.log.warn({ executionId }, `a use of the model's key was not written down: ${messageOf(error)}`);
  }
}

/** Writes down what the call says of the next one, and why it failed if it did. */
function settle(
  ticket: Ticket,
  outcome: Outcome,
  sent: { size: PromptSize; shortage: Failure | undefined },
): void {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h } = outcome.tokens;
  const prompt = input + cacheRead + cacheWrite5m + cacheWrite1h;
  if (prompt > 0) ticket.lastPrompt = { bytes: sent.size.bytes, images: sent.size.images, tokens: prompt };
  ticket.timeouts = outcome.timedOut ? ticket.timeouts + 1 : 0;
  const { stopReason, failure } = outcome;
  const isCut = failure === undefined && stopReason === 'max_tokens';
  const ended = isCut && sent.shortage ? sent.shortage : endedBadly(stopReason, ticket.run.model);
  ticket.failure = failure ?? ended;
  // A model that declined may be asked once more; to go on from any other end of this kind makes no whole answer.
  if (failure === undefined && stopReason !== 'refusal') ticket.verdict ??= ended;
}

/**
 * In US dollars. Nobody knows whether an endpoint charges for what it never answered, and the limit must hold either way: a
 * stream that never began has cost its prompt at most, an answer in one piece all that it may have come to.
 */
function billOf(
  { state, tokens }: Outcome,
  price: Price | undefined,
  { promptUsd, mostUsd }: Reservation,
  isStream: boolean,
): number {
  if (state === 'answered') return price ? costOf(tokens, price) : 0;
  if (state === 'unanswered') return isStream ? promptUsd : mostUsd;
  return 0;
}

function rehearse(ticket: Ticket, body: ModelRequestBody, { path, response }: AgentCall): void {
  if (path === '/v1/messages/count_tokens') {
    sendJson(response, 200, { input_tokens: 0 });
    return;
  }
  const context = ticket.run.rehearsal;
  if (!context) return;
  ticket.rehearsal ??= context.chat
    ? new ChatRehearsal({ ...context, chat: context.chat })
    : new Rehearsal(context, ticket.run.stepId);
  const entry = ticket.begin(undefined);
  ticket.calls += 1;
  tellRequest(ticket, body, { bytes: 0, clamped: false });
  const turn = ticket.rehearsal.answer(body);
  entry.finish(noTokens, true);
  sendTurn(turn, body, response);
}

function log(logger: Logger, { run, calls: call }: Ticket, { state, tokens, failure }: Outcome): void {
  const { executionId, stepId: step, model } = run;
  const { code, status } = failure ?? {};
  logger.debug({ executionId, step, call, model, state, tokens, code, status }, 'A model call ended');
}
