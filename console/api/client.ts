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

/** The server could not be reached, or a proxy before it could not reach it. */
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
  if (!response.ok) throw new ApiError(await problemIn(response, operation.method));
  return { body: response.status === 204 ? undefined : await response.json(), etag: undefined };
}

async function problemIn(response: Response, method: string): Promise<Problem> {
  const { status, statusText } = response;
  const said = problemOf(await response.text());
  if (said !== undefined) return said;
  const problem = { type: 'about:blank', title: statusText, status, code: 'E_UNKNOWN' } as const;
  // Alfred answers with a problem, whatever went wrong: this is of a proxy between, which does not wait as long as this takes …
  if (status === 504 && method !== 'GET')
    return {
      ...problem,
      detail: t(
        'A proxy between here and Alfred did not wait for the answer. What was asked may be under way all the same.',
      ),
      remedy: t('The documentation has what to set there, under “Behind a proxy”.'),
    };
  // … or reaches nobody behind it …
  if (status >= 500) return awayError().problem;
  // … or lets not everything through.
  if (status === 413)
    return {
      ...problem,
      detail: t('A proxy between here and Alfred does not let through what is as large as this.'),
      remedy: t('The documentation has what to set there, under “Behind a proxy”.'),
    };
  // There are no such words over HTTP/2.
  return { ...problem, detail: t('The answer was {status}.', { status: `${status} ${statusText}`.trim() }) };
}

/** What a server of ours says went wrong; undefined for what anything else says. */
function problemOf(text: string): Problem | undefined {
  try {
    const said = JSON.parse(text) as Partial<Problem> | null;
    return typeof said?.detail === 'string' ? (said as Problem) : undefined;
  } catch {
    return undefined;
  }
}
