/** The ways in which a model call fails: the code of each, a sentence that says what happened, and one that says what to do. */
import type { ErrorCode } from '../contract/errors.ts';

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

export type FailureWords = {
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

export const failureWords = {
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
  usageLimit: {
    code: 'E_MODEL_BILLING',
    message: (about) => `The account behind the model key has reached its own limit.${quoted(about)}`,
    remedy: () => 'Raise that limit in the settings of the model’s provider, or wait until it is over.',
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
    code: 'E_MODEL_DECLINED',
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
  maxTurns: {
    code: 'E_MAX_TURNS',
    message: () => 'The step used up its turns before it came to an end.',
    remedy: () => 'Raise the step’s maxTurns, or make the step smaller.',
  },
  outputSchema: {
    code: 'E_OUTPUT_SCHEMA',
    message: (about) =>
      `${named(about).replace(/^t/, 'T')} did not manage to answer in the form of the step’s outputSchema${about.detail ? ` (${about.detail})` : ''}.`,
    remedy: () => 'Make the schema simpler, or say in the prompt what each field is for.',
  },
  answerTooLong: {
    code: 'E_ANSWER_TOO_LONG',
    message: (about) => `The answer was longer than ${named(about)} may give at once.`,
    remedy: () => 'Ask for a shorter answer, or split the step in two.',
  },
  incomplete: {
    code: 'E_ANSWER_INCOMPLETE',
    message: (about) =>
      `${named(about).replace(/^t/, 'T')} stopped before its answer was whole${about.detail ? ` (${about.detail})` : ''}.`,
    remedy: () => 'Run again; if it stays so, choose another model or another endpoint.',
  },
  noAnswer: {
    code: 'E_NO_ANSWER',
    message: (about) => `${named(about).replace(/^t/, 'T')} ended the step without a word.`,
    remedy: () => 'Run again; if it stays so, say in the prompt what the answer is to hold.',
  },
  notAsked: {
    code: 'E_AGENT_FAILED',
    message: () => 'The agent’s program ended the step by itself, and the model was not asked.',
    remedy: () => 'Run again; the trace shows what the program said.',
  },
  toolsLeftOut: {
    code: 'E_AGENT_FAILED',
    message: ({ detail }) =>
      `The agent’s program did not take every tool of the step${detail ? `, and left out ${detail}` : ''}.`,
    remedy: () =>
      'Take those tools out of the step’s allowedTools, or have their server give them plainer names and parameters.',
  },
  agent: {
    code: 'E_AGENT_FAILED',
    message: ({ detail }) => `The agent ended without a result.${detail ? ` It says: “${detail}”` : ''}`,
    remedy: () => 'Run again; the trace shows how far it came.',
  },
} as const satisfies Record<string, FailureWords>;

export type FailureKind = keyof typeof failureWords;
