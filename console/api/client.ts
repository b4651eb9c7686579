/** Requests to the server that this page came from, the VM's or Core's. */
import { addressOf } from '../../src/contract/address.ts';
import type { CallOptions, Sent, Tagged } from '../../src/contract/client.ts';
import type { Problem } from '../../src/contract/errors.ts';
import type { Place } from '../../src/contract/operation.ts';
import { t } from '../words/t.ts';

/** What the API answered when it was not what was asked for: a sentence, what to do, and the fields that were wrong. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export const isUnauthenticated = (error: unknown): boolean =>
  error instanceof ApiError && error.problem.status === 401;

/** The server could not be reached. */
export const isAway = (error: unknown): boolean => error instanceof ApiError && error.problem.status === 0;

/** Whether an error says nothing of what is shown already: it stays. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.problem.status === 0 || error.problem.status === 401 || error.problem.status >= 500);

export const awayError = (): ApiError =>
  new ApiError({
    type: 'about:blank',
    title: t('Not reachable'),
    status: 0,
    code: 'E_NOT_RUNNING',
    detail: t('The server does not answer.'),
  });

/**
 * Makes one call of an operation; how a client of a server's API (contract/client.ts) sends its calls. What is shown has its
 * revision in it, so no ETag is given.
 *
 * @throws ApiError with what the server says went wrong, or that it cannot be reached
 */
export async function send(
  operation: Place,
  { body, ...place }: Sent,
  { etag, signal }: CallOptions,
): Promise<Tagged<unknown>> {
  const response = await fetch(addressOf(operation, place), {
    method: operation.method,
    signal: signal ?? null,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(etag === undefined ? {} : { 'if-match': etag }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw awayError();
  });
  if (!response.ok) throw new ApiError(await problemIn(response));
  return { body: response.status === 204 ? undefined : await response.json(), etag: undefined };
}

async function problemIn(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Problem;
  } catch {
    // Not JSON: something else stands between, a proxy say.
    return {
      type: 'about:blank',
      title: response.statusText,
      status: response.status,
      code: 'E_UNKNOWN',
      detail: t('The answer was {status} {statusText}.', {
        status: response.status,
        statusText: response.statusText,
      }),
    };
  }
}
