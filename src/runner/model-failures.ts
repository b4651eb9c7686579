/**
 * Every way in which a model call fails, as one code, a sentence that says what happened, and one that says what to do.
 * The proxy sees the endpoint itself, so its account comes first; the Agent SDK's own words are the second source.
 */
import type { ErrorCode } from '../contract/errors.ts';
import { AlfredError } from '../kernel/errors.ts';

export type ModelFailure = {
  code: ErrorCode;
  /** What happened and why, for a person. */
  message: string;
  /** What to do next. */
  remedy: string;
  /** The HTTP status that the endpoint answered with, if it answered. */
  status?: number | undefined;
  /** When the endpoint asks to wait, in seconds. */
  retryAfterSeconds?: number | undefined;
};

/** What the sentences are made of. */
export type FailureContext = {
  model?: string | undefined;
  /** Where the model is called, without a path: `https://api.anthropic.com`. */
  endpoint?: string | undefined;
  status?: number | undefined;
  /** The endpoint's own words, redacted. */
  detail?: string | undefined;
  retryAfterSeconds?: number | undefined;
  /** How long it was waited for. */
  waitedMs?: number | undefined;
};

export type FailureKind = keyof typeof kinds;

type Words = {
  code: ErrorCode;
  message: (about: FailureContext) => string;
  remedy: (about: FailureContext) => string;
};

const at = ({ endpoint }: FailureContext) => endpoint ?? 'the model endpoint';
const named = ({ model }: FailureContext) => (model === undefined ? 'the model' : `the model ${model}`);
const seconds = (ms: number | undefined) => `${Math.max(1, Math.round((ms ?? 0) / 1000))} s`;
const inTime = (s: number | undefined) =>
  s === undefined ? 'in a few minutes' : s < 120 ? `in ${Math.ceil(s)} s` : `in ${Math.ceil(s / 60)} minutes`;
const quoted = ({ detail }: FailureContext) => (detail ? ` It says: “${detail}”` : '');

const kinds = {
  auth: {
    code: 'E_MODEL_AUTH',
    message: (about) => `The model key was refused by ${at(about)} (${about.status ?? 401}).`,
    remedy: () => 'Set a valid key: alfred config set anthropic_api_key',
  },
  forbidden: {
    code: 'E_MODEL_AUTH',
    message: (about) => `The model key may not use ${named(about)} at ${at(about)} (403).${quoted(about)}`,
    remedy: () => 'Use a key with that permission, or choose another model.',
  },
  noKey: {
    code: 'E_MODEL_AUTH',
    message: () => 'No model key is set.',
    remedy: () => 'Set one: alfred config set anthropic_api_key; or rehearse, which needs none.',
  },
  notFound: {
    code: 'E_MODEL_NOT_FOUND',
    message: (about) => `There is no ${named(about).replace(/^the /, '')} at ${at(about)}.${quoted(about)}`,
    remedy: () => 'Check the spelling of the model in the skill or in the config entry model.',
  },
  nothingThere: {
    code: 'E_MODEL_NOT_FOUND',
    message: (about) =>
      `${at(about)} answers, but not at the path of the Messages API (404).${quoted(about)}`,
    remedy: () => 'Check the config entries model_base_url and model.',
  },
  billing: {
    code: 'E_MODEL_BILLING',
    message: (about) => `The account behind the model key has no credit left.${quoted(about)}`,
    remedy: () => 'Add credit in the billing settings of the model’s provider, then run again.',
  },
  rateLimited: {
    code: 'E_MODEL_RATE_LIMITED',
    message: (about) => `The rate limit of the model key is used up (429).${quoted(about)}`,
    remedy: ({ retryAfterSeconds }) =>
      `Run again ${inTime(retryAfterSeconds)}, or raise the limit at the provider.`,
  },
  overloaded: {
    code: 'E_MODEL_OVERLOADED',
    message: (about) => `${named(about).replace(/^t/, 'T')} is overloaded (${about.status ?? 529}).`,
    remedy: ({ retryAfterSeconds }) => `Run again ${inTime(retryAfterSeconds)}; this passes by itself.`,
  },
  failed: {
    code: 'E_MODEL_FAILED',
    message: (about) => `${at(about)} failed (${about.status ?? 500}).${quoted(about)}`,
    remedy: () => 'Run again in a few minutes; if it stays so, ask the provider of the endpoint.',
  },
  brokenOff: {
    code: 'E_MODEL_UNREACHABLE',
    message: (about) => `The connection to ${at(about)} broke in the middle of an answer.`,
    remedy: () => 'Run again; if it stays so, check the network and any proxy in between.',
  },
  notMessagesApi: {
    code: 'E_MODEL_FAILED',
    message: (about) => `${at(about)} answered with something that is not the Messages API.${quoted(about)}`,
    remedy: () => 'Check the config entry model_base_url, and whether the network asks to sign in.',
  },
  redirected: {
    code: 'E_MODEL_FAILED',
    message: (about) =>
      `${at(about)} points elsewhere (${about.status ?? 307}), and the key goes nowhere else.`,
    remedy: () => 'Set the config entry model_base_url to the final address.',
  },
  refused: {
    code: 'E_MODEL_REFUSED_REQUEST',
    message: (about) => `${at(about)} refused the request (${about.status ?? 400}).${quoted(about)}`,
    remedy: () =>
      'Change what the message names; a skill of many tools may have one whose schema is not accepted.',
  },
  declined: {
    code: 'E_MODEL_REFUSED_REQUEST',
    message: (about) => `${named(about).replace(/^t/, 'T')} declined to answer.`,
    remedy: () => 'Word the step differently, or choose another model.',
  },
  otherModel: {
    code: 'E_MODEL_REFUSED_REQUEST',
    message: (about) => `The step asked for another model than ${about.model ?? 'its own'}, and was refused.`,
    remedy: () => 'Run again; if it stays so, report it as a bug.',
  },
  notAllowed: {
    code: 'E_MODEL_REFUSED_REQUEST',
    message: (about) => `The agent sent a request that the model proxy does not let through.${quoted(about)}`,
    remedy: () => 'Run again; if it stays so, report it as a bug.',
  },
  promptTooLong: {
    code: 'E_PROMPT_TOO_LONG',
    message: (about) => `The step’s conversation is longer than ${named(about)} takes.${quoted(about)}`,
    remedy: () =>
      'Use fewer tools or smaller results, split the step in two, or choose a model that takes more.',
  },
  unreachable: {
    code: 'E_MODEL_UNREACHABLE',
    message: (about) => `${at(about)} cannot be reached${about.detail ? ` (${about.detail})` : ''}.`,
    remedy: () => 'Check the network and the config entry model_base_url.',
  },
  silent: {
    code: 'E_MODEL_TIMEOUT',
    message: (about) => `${at(about)} gave no answer within ${seconds(about.waitedMs)}.`,
    remedy: () => 'Run again; for a slow model server raise the config entry model_timeout_ms.',
  },
  stalled: {
    code: 'E_MODEL_TIMEOUT',
    message: (about) => `${at(about)} stopped in the middle of an answer, for ${seconds(about.waitedMs)}.`,
    remedy: () => 'Run again; for a slow model server raise the config entry model_timeout_ms.',
  },
  cutByCap: {
    code: 'E_COST_CAP',
    message: () => 'The answer was cut short, because the cost limit left no more for it.',
    remedy: () => 'Raise the limit, or make the step smaller: fewer tools, shorter results, a cheaper model.',
  },
  maxTurns: {
    code: 'E_MAX_TURNS',
    message: () => 'The step used up its turns before it came to an end.',
    remedy: () => 'Raise the step’s maxTurns, or make the step smaller.',
  },
  outputSchema: {
    code: 'E_OUTPUT_SCHEMA',
    message: (about) =>
      `${named(about).replace(/^t/, 'T')} did not manage to answer in the form of the step’s outputSchema.`,
    remedy: () => 'Make the schema simpler, or say in the prompt what each field is for.',
  },
  answerTooLong: {
    code: 'E_MODEL_REFUSED_REQUEST',
    message: (about) => `The answer was longer than ${named(about)} may give at once.`,
    remedy: () => 'Ask for a shorter answer, or split the step in two.',
  },
  agent: {
    code: 'E_AGENT_FAILED',
    message: ({ detail }) => `The agent ended without a result.${detail ? ` It says: “${detail}”` : ''}`,
    remedy: () => 'Run again; the trace shows how far it came.',
  },
} as const satisfies Record<string, Words>;

/** The longest quotation of foreign words in a sentence of ours. */
const longestDetail = 300;

/** One failure, in words. */
export function modelFailure(kind: FailureKind, about: FailureContext = {}): ModelFailure {
  const { code, message, remedy }: Words = kinds[kind];
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

/** A failure that another part of the program has put into words. */
export const failureOf = (error: AlfredError): ModelFailure => ({
  code: error.code,
  message: error.message,
  remedy: error.remedy ?? '',
});

/** The way back: to throw what the proxy remembers. */
export const errorOf = ({ code, message, remedy }: ModelFailure): AlfredError =>
  new AlfredError(code, message, { remedy });

/**
 * What an answer that is not 200 means. Order matters: the words of a 400 say what kind it is.
 *
 * @param type the error's `type` in the body, if it has one
 */
export function failureKind(status: number, type: string | undefined, message: string): FailureKind {
  if (status >= 300 && status < 400) return 'redirected';
  if (status === 402 || type === 'billing_error' || /credit balance is too low/i.test(message))
    return 'billing';
  if (status === 413 || /prompt is too long|context (?:window|length)|too many tokens/i.test(message)) {
    return 'promptTooLong';
  }
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

/** How the Agent SDK ended a step (design/agent-sdk.md, "What comes back"). */
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
  proxyFailure?: ModelFailure | undefined;
};

const bySubtype: Record<string, FailureKind> = {
  error_max_turns: 'maxTurns',
  error_max_structured_output_retries: 'outputSchema',
};

const byReason: Record<string, FailureKind> = {
  prompt_too_long: 'promptTooLong',
  max_turns: 'maxTurns',
  structured_output_retry_exhausted: 'outputSchema',
};

const byAssistantError: Record<string, FailureKind> = {
  authentication_failed: 'auth',
  billing_error: 'billing',
  rate_limit: 'rateLimited',
  overloaded: 'overloaded',
  model_not_found: 'notFound',
  invalid_request: 'refused',
  max_output_tokens: 'answerTooLong',
  server_error: 'unreachable',
};

/**
 * Why a step failed. What the step itself ran into (turns, the form of its output) comes before the proxy's account of
 * the last model call, and that before the SDK's.
 */
export function classify(ending: AgentEnding): ModelFailure {
  const about: FailureContext = {
    model: ending.model,
    status: ending.apiErrorStatus ?? undefined,
    detail: ending.text,
  };
  const own = bySubtype[ending.subtype ?? ''];
  if (own) return modelFailure(own, { model: ending.model });
  if (ending.proxyFailure) return ending.proxyFailure;
  const byWords = byReason[ending.terminalReason ?? ''];
  if (byWords) return modelFailure(byWords, about);
  if (ending.stopReason === 'refusal') return modelFailure('declined', about);
  if (ending.apiErrorStatus) {
    return modelFailure(failureKind(ending.apiErrorStatus, undefined, ending.text ?? ''), about);
  }
  return modelFailure(byAssistantError[ending.assistantError ?? ''] ?? 'agent', about);
}
