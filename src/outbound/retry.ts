/** When asking again is right, and how long to wait: RFC 9110 sections 9.2.2 (idempotent methods) and 10.2.3 (Retry-After). */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, pauseAfter } from '../kernel/backoff.ts';
import { millisNow } from '../kernel/clock.ts';
import { isAlfredError } from '../kernel/errors.ts';

export type RetryPolicy = {
  /** Requests in all. */
  attempts: number;
  /** The pauses without a Retry-After. A server that asks for a longer one than the longest is not waited for. */
  backoff: Backoff;
};

const defaultRetryPolicy: RetryPolicy = { attempts: 3, backoff: { baseMs: 400, capMs: 30_000 } };

const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY', 'PUT', 'DELETE']);
const passing = new Set([408, 429, 502, 503, 504]);

/** A `Retry-After` in milliseconds from `now`; undefined when there is none or it makes no sense. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) || !/[a-z]/i.test(text) ? undefined : Math.max(0, at - now);
}

/** True when the request was turned away before anything was done: too many requests, GitHub's way of saying so included. */
const isTurnedAway = (status: number, asksFor: number | undefined): boolean =>
  asksFor !== undefined && (status === 429 || status === 403);

function pauseAfterResponse(response: Response, method: string, backoffMs: number): number | undefined {
  const asksFor = retryAfterMs(response.headers.get('retry-after'), millisNow());
  if (isTurnedAway(response.status, asksFor)) return asksFor;
  if (!idempotent.has(method) || !passing.has(response.status)) return undefined;
  return asksFor ?? backoffMs;
}

/**
 * Sends a request, and again where that can do no harm: idempotent methods after a passing failure, any method after a
 * 429 that says when. The last answer is returned as it is.
 *
 * @param deadline when the caller gives up, on the clock of `performance`
 */
export async function sendWithRetries(
  send: () => Promise<Response>,
  {
    method,
    deadline,
    signal,
    policy = defaultRetryPolicy,
  }: { method: string; deadline: number; signal: AbortSignal; policy?: RetryPolicy },
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const backoffMs = pauseAfter(attempt, policy.backoff);
    const outcome = await send().catch((error: unknown) => {
      const mayPass = isAlfredError(error, 'E_CONNECTION_FAILED', 'E_CONNECTION_TIMEOUT');
      if (!mayPass || !idempotent.has(method) || signal.aborted || attempt >= policy.attempts) throw error;
      return undefined;
    });
    const pause = outcome === undefined ? backoffMs : pauseAfterResponse(outcome, method, backoffMs);
    const isWorthIt =
      pause !== undefined &&
      pause <= policy.backoff.capMs &&
      attempt < policy.attempts &&
      performance.now() + pause < deadline;
    if (outcome !== undefined && !isWorthIt) return outcome;
    await outcome?.body?.cancel();
    await sleep(pause, undefined, { signal }).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });
  }
}
