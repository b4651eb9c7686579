import { describe, expect, it } from 'vitest';
import { errorCodes } from '../contract/errors.ts';
import { AlfredError } from '../kernel/errors.ts';
import { failureOf } from '../kernel/failure.ts';
import { failureWords } from './failure-words.ts';
import { type AgentEnding, classify, endedBadly, failureKind, modelFailure } from './failures.ts';

describe('the words of a failure', () => {
  it.each(Object.keys(failureWords) as (keyof typeof failureWords)[])('%s: two whole sentences', (kind) => {
    const contexts = [
      {},
      {
        model: 'm',
        endpoint: 'https://x',
        status: 418,
        detail: 'why',
        retryAfterSeconds: 90,
        waitedMs: 1500,
      },
    ];
    for (const about of contexts) {
      const { code, message, remedy } = modelFailure(kind, about);
      expect(errorCodes).toHaveProperty(code);
      expect(message).toMatch(/^(?:\p{Lu}|https:|the model endpoint).*[.”]$/su);
      expect(remedy).toMatch(/^\p{Lu}.*[^\s]$/su);
      expect(message + remedy).not.toMatch(/undefined|NaN|\bnull\b| {2}/);
    }
  });

  it('quote no more than a little, in one line', () => {
    const { message } = modelFailure('refused', { detail: `a\n\n  b ${'x'.repeat(5_000)}` });
    expect(message.length).toBeLessThan(500);
    expect(message).toContain('“a b xxx');
  });

  it('are made of errors that another part put into words', () => {
    expect(failureOf(new AlfredError('E_CANCELLED', 'x', { remedy: 'y' }))).toEqual({
      code: 'E_CANCELLED',
      message: 'x',
      remedy: 'y',
    });
    expect(failureOf(new AlfredError('E_CANCELLED', 'x'))).toEqual({
      code: 'E_CANCELLED',
      message: 'x',
      remedy: '',
    });
  });
});

describe('what an answer means', () => {
  it.each<[number, string | undefined, string, string]>([
    [307, undefined, '', 'redirected'],
    [400, 'invalid_request_error', 'Your credit balance is too low to access', 'billing'],
    [402, undefined, 'Payment Required', 'billing'],
    [403, 'billing_error', '', 'billing'],
    [400, 'invalid_request_error', 'prompt is too long: 213462 tokens > 200000 maximum', 'promptTooLong'],
    [400, undefined, 'This model’s maximum context length is 8192 tokens', 'promptTooLong'],
    [413, 'request_too_large', '', 'promptTooLong'],
    [
      400,
      'invalid_request_error',
      'input length and `max_tokens` exceed context limit: 199000 + 32000 > 200000',
      'promptTooLong',
    ],
    [
      400,
      'invalid_request_error',
      'You have reached your specified API usage limits. You will regain access on 2026-12-01.',
      'usageLimit',
    ],
    [400, 'invalid_request_error', 'messages: required', 'refused'],
    [422, undefined, '', 'refused'],
    [401, 'authentication_error', '', 'auth'],
    [403, 'permission_error', '', 'forbidden'],
    [404, 'not_found_error', 'model: x', 'notFound'],
    [404, undefined, 'model "x" not found, try pulling it first', 'notFound'],
    [404, undefined, '404 page not found', 'nothingThere'],
    [408, undefined, '', 'silent'],
    [429, 'rate_limit_error', '', 'rateLimited'],
    [500, 'api_error', '', 'failed'],
    [502, undefined, '', 'failed'],
    [503, undefined, '', 'overloaded'],
    [504, 'timeout_error', '', 'silent'],
    [529, 'overloaded_error', '', 'overloaded'],
  ])('%i %s %j: %s', (status, type, message, kind) => {
    expect(failureKind(status, type, message)).toBe(kind);
  });
});

describe('what a stop reason means', () => {
  it.each([
    ['end_turn', undefined],
    ['tool_use', undefined],
    ['stop_sequence', undefined],
    ['max_tokens', undefined],
    [undefined, undefined],
    ['refusal', 'E_MODEL_DECLINED'],
    ['model_context_window_exceeded', 'E_PROMPT_TOO_LONG'],
    ['pause_turn', 'E_ANSWER_INCOMPLETE'],
    ['one_that_is_new', 'E_ANSWER_INCOMPLETE'],
  ])('%s: %s', (reason, code) => {
    expect(endedBadly(reason, 'm')?.code).toBe(code);
  });
});

describe('why a step failed', () => {
  const proxyFailure = modelFailure('overloaded');
  it.each<[string, AgentEnding, string]>([
    [
      'the proxy’s account comes first',
      { subtype: 'success', apiErrorStatus: 401, proxyFailure },
      'E_MODEL_OVERLOADED',
    ],
    ['but turns are the step’s own', { subtype: 'error_max_turns', proxyFailure }, 'E_MAX_TURNS'],
    [
      'and so is the form of its output',
      { subtype: 'error_max_structured_output_retries', proxyFailure },
      'E_OUTPUT_SCHEMA',
    ],
    [
      'a prompt too long',
      { apiErrorStatus: 400, terminalReason: 'prompt_too_long', assistantError: 'invalid_request' },
      'E_PROMPT_TOO_LONG',
    ],
    [
      'a prompt that the program does not send',
      { terminalReason: 'blocking_limit', assistantError: 'invalid_request', text: 'Prompt is too long' },
      'E_PROMPT_TOO_LONG',
    ],
    [
      'a model that declines',
      { stopReason: 'refusal', assistantError: 'invalid_request' },
      'E_MODEL_DECLINED',
    ],
    ['an answer too long', { assistantError: 'max_output_tokens' }, 'E_ANSWER_TOO_LONG'],
    [
      'a cap that was reached, whatever came after',
      { subtype: 'error_max_turns', proxyFailure: failureOf(new AlfredError('E_COST_CAP', 'x')) },
      'E_COST_CAP',
    ],
    ['401 by status', { apiErrorStatus: 401 }, 'E_MODEL_AUTH'],
    ['billing by words', { apiErrorStatus: 400, text: 'Credit balance is too low' }, 'E_MODEL_BILLING'],
    ['authentication by the SDK', { assistantError: 'authentication_failed' }, 'E_MODEL_AUTH'],
    ['billing by the SDK', { assistantError: 'billing_error' }, 'E_MODEL_BILLING'],
    ['a rate limit by the SDK', { assistantError: 'rate_limit' }, 'E_MODEL_RATE_LIMITED'],
    ['a missing model by the SDK', { assistantError: 'model_not_found' }, 'E_MODEL_NOT_FOUND'],
    ['a server by the SDK', { assistantError: 'server_error' }, 'E_MODEL_UNREACHABLE'],
    ['nothing at all', {}, 'E_AGENT_FAILED'],
    ['words alone', { assistantError: 'unknown', text: 'Segmentation fault' }, 'E_AGENT_FAILED'],
  ])('%s', (_name, ending, code) => {
    expect(classify(ending).code).toBe(code);
  });
});
