/** Requests to the server that this page came from, the VM's or Core's. */
import type { Problem } from '../../src/contract/errors.ts';

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

/**
 * Makes a request and gives what is answered; undefined for an answer without a body.
 *
 * @throws ApiError with what the VM says went wrong, or that it cannot be reached
 */
export async function request<Answer>(
  method: string,
  path: string,
  body?: unknown,
  { etag, signal }: { etag?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    signal: signal ?? null,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(etag === undefined ? {} : { 'if-match': etag }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError({
      type: 'about:blank',
      title: 'Not reachable',
      status: 0,
      code: 'E_NOT_RUNNING',
      detail: 'The server does not answer.',
      remedy: 'See that it is still running; this page goes on by itself when it is back.',
    });
  });
  if (!response.ok) throw new ApiError(await problemIn(response));
  return (response.status === 204 ? undefined : await response.json()) as Answer;
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
      detail: `The answer was ${response.status} ${response.statusText}.`,
    };
  }
}

/** A query string of what is given; nothing for what is not. */
export function queryOf(parameters: Record<string, string | number | boolean | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
