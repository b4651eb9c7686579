/**
 * Why a model call failed, and so a step. The proxy sees the endpoint itself, so its account comes first; the Agent SDK's
 * own words are the second source.
 */

import type { Failure } from '../kernel/failure.ts';
import { isCostCap } from '../money/spend/caps.ts';
import { type FailureContext, type FailureKind, type FailureWords, failureWords } from './failure-words.ts';

export type { FailureContext, FailureKind };

/** The longest quotation of foreign words in a sentence of ours. */
const longestDetail = 300;

/** One failure, in words. */
export function modelFailure(kind: FailureKind, about: FailureContext = {}): Failure {
  const { code, message, remedy }: FailureWords = failureWords[kind];
  const detail = about.detail?.trim().replaceAll(/\s+/g, ' ');
  const short =
    detail === undefined || detail.length <= longestDetail ? detail : `${detail.slice(0, longestDetail)}…`;
  const context = { ...about, detail: short };
  return {
    code,
    message: message(context),
    remedy: remedy(context),
    ...(about.status === undefined ? {} : { status: about.status }),
    ...(about.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: about.retryAfterSeconds }),
  };
}

const tooLong = /prompt is too long|context (?:window|length|limit)|too many tokens/i;

/**
 * What an answer that is not 200 means. Order matters: the words of a 400 say what kind it is.
 *
 * @param type the error's `type` in the body, if it has one
 */
export function failureKind(status: number, type: string | undefined, message: string): FailureKind {
  if (status >= 300 && status < 400) return 'redirected';
  if (status === 402 || type === 'billing_error' || /credit balance is too low/i.test(message))
    return 'billing';
  if (/reached your specified API usage limits/i.test(message)) return 'usageLimit';
  if (status === 413 || tooLong.test(message)) return 'promptTooLong';
  if (status === 401) return 'auth';
  if (status === 403) return 'forbidden';
  if (status === 404)
    return type === 'not_found_error' || /model/i.test(message) ? 'notFound' : 'nothingThere';
  if (status === 408 || status === 504) return 'silent';
  if (status === 429) return 'rateLimited';
  if (status === 529 || status === 503) return 'overloaded';
  if (status >= 500) return 'failed';
  return 'refused';
}

/**
 * How the Agent SDK ended a step. What failed at the API arrives as a success with `is_error`, so that no one of these says
 * enough by itself.
 */
export type AgentEnding = {
  /** `subtype` of its result message: `success` even where the API failed. */
  subtype?: string | undefined;
  /** `error` of its last assistant message. */
  assistantError?: string | undefined;
  /** `api_error_status` of its result. */
  apiErrorStatus?: number | null | undefined;
  /** `terminal_reason` of its result. */
  terminalReason?: string | undefined;
  /** `stop_reason` of its result. */
  stopReason?: string | null | undefined;
  /** `result` or `errors` of its result, redacted. */
  text?: string | undefined;
  model?: string | undefined;
  /** `ticket.lastFailure()`. */
  proxyFailure?: Failure | undefined;
};

const bySubtype: ReadonlyMap<string, FailureKind> = new Map(
  Object.entries<FailureKind>({
    error_max_turns: 'maxTurns',
    error_max_structured_output_retries: 'outputSchema',
  }),
);

const byReason: ReadonlyMap<string, FailureKind> = new Map(
  Object.entries<FailureKind>({
    prompt_too_long: 'promptTooLong',
    // The program reckons that the next request would be, and does not send it.
    blocking_limit: 'promptTooLong',
    max_turns: 'maxTurns',
    structured_output_retry_exhausted: 'outputSchema',
  }),
);

const byAssistantError: ReadonlyMap<string, FailureKind> = new Map(
  Object.entries<FailureKind>({
    authentication_failed: 'auth',
    billing_error: 'billing',
    rate_limit: 'rateLimited',
    overloaded: 'overloaded',
    model_not_found: 'notFound',
    invalid_request: 'refused',
    max_output_tokens: 'answerTooLong',
    server_error: 'unreachable',
  }),
);

/** What stop reasons say of an answer that came through. Each other one is of an answer that is not whole. */
const wholeReasons: ReadonlySet<string> = new Set(['end_turn', 'tool_use', 'stop_sequence', 'max_tokens']);

/**
 * Why an answer that came through is none, by its stop reason; undefined when it is one. One that `max_tokens` ended is
 * for the agent's program to go on with.
 */
export function endedBadly(stopReason: string | undefined, model: string): Failure | undefined {
  if (stopReason === undefined || wholeReasons.has(stopReason)) return undefined;
  if (stopReason === 'refusal') return modelFailure('declined', { model });
  if (stopReason === 'model_context_window_exceeded') return modelFailure('promptTooLong', { model });
  return modelFailure('incomplete', { model, detail: stopReason });
}

/**
 * Why a step failed. A cap that was reached comes first; then what the step itself ran into (turns, the form of its
 * output); then the proxy's account of the last model call, and last the SDK's.
 */
export function classify(ending: AgentEnding): Failure {
  const about: FailureContext = {
    model: ending.model,
    status: ending.apiErrorStatus ?? undefined,
    detail: ending.text,
  };
  if (ending.proxyFailure && isCostCap(ending.proxyFailure.code)) return ending.proxyFailure;
  const own = bySubtype.get(ending.subtype ?? '');
  if (own) return modelFailure(own, { model: ending.model });
  if (ending.proxyFailure) return ending.proxyFailure;
  const byWords = byReason.get(ending.terminalReason ?? '');
  if (byWords) return modelFailure(byWords, about);
  if (ending.stopReason === 'refusal') return modelFailure('declined', about);
  if (ending.apiErrorStatus) {
    return modelFailure(failureKind(ending.apiErrorStatus, undefined, ending.text ?? ''), about);
  }
  return modelFailure(byAssistantError.get(ending.assistantError ?? '') ?? 'agent', about);
}
