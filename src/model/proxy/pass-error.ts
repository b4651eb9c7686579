/** The endpoint answered with an error: it is passed on in its own words, without secrets. */

import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { millisNow } from '../../kernel/clock.ts';
import { noTokens } from '../../money/token-count.ts';
import { type FailureKind, failureKind, modelFailure } from '../failures.ts';
import { errorBody, sendError } from './answers.ts';
import { aboutCall, type Sending, type Upstream } from './call.ts';
import { parseJson, passedHeaders, readWhole } from './read.ts';

/** Longer than this the agent is not left to wait; the run ends and says when to come back. In seconds. */
const longestRetryAfter = 60;

const errorSchema = z.object({
  error: z.union([z.object({ type: z.string().catch(''), message: z.string().catch('') }), z.string()]),
});

export async function passError(
  answer: Dispatcher.ResponseData,
  upstream: Upstream,
  sending: Sending,
  response: ServerResponse,
): Promise<void> {
  const status = answer.statusCode;
  const text = await readWhole(answer.body, 1024 * 1024).catch(() => '');
  const document = parseJson(text);
  const said = errorSchema.safeParse(document).data?.error;
  const type = typeof said === 'string' ? undefined : said?.type;
  const message = (typeof said === 'string' ? said : said?.message) ?? '';
  const retryAfterSeconds = readRetryAfter(answer.headers['retry-after']);
  const kind = failureKind(status, type, message);
  const failure = modelFailure(kind, {
    ...aboutCall(upstream, sending),
    status,
    detail: upstream.redactor.text(message),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
  // A redirect is an error of the configuration; the agent's program would follow it.
  const given = status < 400 ? 502 : status;
  const body =
    status < 400 || document === undefined
      ? errorBody(given, failure.message)
      : upstream.redactor.value(document);
  sending.conclude({ tokens: noTokens, state: 'refused', stopReason: undefined, failure, timedOut: false });
  sendError(response, given, body, {
    ...passedHeaders(answer.headers),
    'content-type': 'application/json',
    'x-should-retry': shouldRetry(kind, retryAfterSeconds, answer.headers['x-should-retry']),
  });
}

const passing: FailureKind[] = ['rateLimited', 'overloaded', 'failed', 'silent'];

/** What will not be better in a second is not asked for again. */
function shouldRetry(kind: FailureKind, retryAfter: number | undefined, asked: unknown): string {
  if (!passing.includes(kind) || (retryAfter ?? 0) > longestRetryAfter) return 'false';
  return typeof asked === 'string' ? asked : 'true';
}

/** Seconds, or a date (RFC 9110, section 10.2.3). */
function readRetryAfter(value: unknown): number | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const seconds = Number.isNaN(Number(value)) ? (Date.parse(value) - millisNow()) / 1000 : Number(value);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
