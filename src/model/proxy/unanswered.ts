/** When the connection to the endpoint fails before it has said anything. */
import type { ServerResponse } from 'node:http';
import { AlfredError } from '../../kernel/errors.ts';
import { noTokens } from '../../money/token-count.ts';
import { modelFailure } from '../failures.ts';
import { errorBody, sendError } from './answers.ts';
import { aboutCall, type Sending, type Upstream } from './call.ts';

/** undici's codes for an endpoint that takes too long. */
export const timeouts: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** No connection came about, so nothing can have been charged. */
const neverSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|.*CERT.*)$/;

/** The connection failed before the endpoint said anything. */
export function unanswered(
  error: unknown,
  upstream: Upstream,
  sending: Sending,
  response: ServerResponse,
): void {
  const about = aboutCall(upstream, sending);
  const none = { tokens: noTokens, stopReason: undefined };
  if (sending.signal.aborted) {
    sending.conclude({ ...none, state: 'unanswered', failure: undefined, timedOut: false });
    response.destroy();
    return;
  }
  const code = errorCode(error);
  const onTheWay = proxyFailure(error);
  const timedOut = timeouts.has(code);
  const failure = timedOut
    ? modelFailure('silent', about)
    : modelFailure('unreachable', { ...about, detail: onTheWay?.message ?? code });
  const status = timedOut ? 504 : 502;
  sending.conclude({
    ...none,
    state: onTheWay !== undefined || neverSent.test(code) ? 'unsent' : 'unanswered',
    failure,
    timedOut,
  });
  sendError(response, status, errorBody(status, failure.message), { 'x-should-retry': 'true' });
}

/** What the machine's proxy said, or did not: no way through it came about. */
function proxyFailure(error: unknown): AlfredError | undefined {
  for (let each = error; each instanceof Error; each = each.cause)
    if (each instanceof AlfredError) return each;
  return undefined;
}

/** The code of a network error, wherever in the chain of causes it stands. */
export function errorCode(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') return each.code;
    if (each instanceof AggregateError && each.errors[0] instanceof Error) return errorCode(each.errors[0]);
  }
  return error instanceof Error ? error.name : 'unknown';
}
