/** One call of a tool: request, retries, a new token if the old one is refused, result. */
import { millisNow } from '../../kernel/clock.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { type RetryPolicy, retryAfterMs, sendWithRetries } from '../../outbound/retry.ts';
import type { CallToolResult } from '../pool/link.ts';
import type { Authorizer, Signed } from './authorize.ts';
import { buildRequest } from './build-request.ts';
import type { Operation } from './operation.ts';
import { readResponse } from './read-response.ts';

export type CallDeps = {
  /** The connection's name, for messages. */
  name: string;
  fetch: GuardedFetch['fetch'];
  authorizer: Authorizer;
  /** The connection's own headers. */
  headers: Record<string, string>;
  /** What the sign-in was not granted of what the document says that a tool needs, with spaces between. */
  lacks: (tool: Operation['tool']) => string;
  retry?: RetryPolicy;
};

export const needsLogin = (name: string, origin: string): AlfredError =>
  new AlfredError('E_NEEDS_LOGIN', `${origin} refuses the credentials of "${name}" (HTTP 401)`, {
    remedy: 'Enter the credentials of the connection again.',
  });

/** @throws AlfredError E_VALIDATION, E_NEEDS_LOGIN, and what the guarded fetch throws; the signal's own reason */
export async function callOperation(
  deps: CallDeps,
  operation: Operation,
  args: Record<string, unknown>,
  { deadline, signal }: { deadline: number; signal: AbortSignal },
): Promise<CallToolResult> {
  let signed: Signed | undefined;
  const send = async (): Promise<Response> => {
    signed = await deps.authorizer.sign();
    const { headers, query } = signed;
    const { url, ...init } = await buildRequest(operation, args, {
      headers: { ...deps.headers, ...headers },
      query,
    });
    return deps.fetch(
      url,
      {
        method: init.method,
        headers: init.headers,
        signal,
        ...(init.body === undefined ? {} : { body: init.body }),
      },
      // The deadline of the call bounds it; a slow answer is no failure of its own.
      { totalTimeoutMs: null, headersTimeoutMs: null, idleTimeoutMs: 60_000 },
    );
  };
  const sendPatiently = () =>
    sendWithRetries(send, {
      method: operation.method,
      deadline,
      signal,
      ...(deps.retry ? { policy: deps.retry } : {}),
    });

  let response = await sendPatiently();
  if (response.status === 401 && (await signed?.renew())) {
    await response.body?.cancel();
    response = await sendPatiently();
  }
  if (response.status === 401) {
    await response.body?.cancel();
    throw needsLogin(deps.name, new URL(operation.baseUrl).origin);
  }
  const wanted = response.status === 403 ? await deps.authorizer.noteRefusal(response) : undefined;
  const result = await readResponse(response, operation.parameters);
  const lacks = wanted ?? (response.status === 403 ? deps.lacks(operation.tool) : '');
  if (lacks !== '') {
    result.content.push({
      type: 'text',
      text: `[the sign-in to "${deps.name}" was not granted ${lacks}: its owner can sign in again and allow it]`,
    });
  }
  const wait = response.ok ? undefined : retryAfterMs(response.headers.get('retry-after'), millisNow());
  if (wait !== undefined) {
    result.content.push({
      type: 'text',
      text: `[the API asks to wait ${Math.ceil(wait / 1_000)} s before the next call]`,
    });
  }
  return result;
}
