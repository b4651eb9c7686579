/** The running server's API, as commands call it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { problemSchema } from '../contract/errors.ts';
import { messageOf } from '../kernel/errors.ts';
import { readHomeLock } from '../kernel/home-lock.ts';
import { CliProblem } from './problem.ts';

export type ApiAnswer<T> = { body: T; etag: string | undefined };

export type Api = {
  url: string;
  /** @throws CliProblem with the server's own code, or E_NOT_RUNNING */
  request(method: string, route: string, options?: RequestOptions): Promise<ApiAnswer<unknown>>;
  /** GET, parsed by `schema`. */
  get<Schema extends z.ZodType>(
    schema: Schema,
    route: string,
    options?: RequestOptions,
  ): Promise<z.output<Schema>>;
  post<Schema extends z.ZodType>(schema: Schema, route: string, body?: unknown): Promise<z.output<Schema>>;
  /** The body of a streaming answer; undefined when there is nothing to come (204). */
  stream(
    route: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array> | undefined>;
};

export type RequestOptions = {
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

const notRunning = (home: string, cause?: unknown) =>
  new CliProblem('E_NOT_RUNNING', `No Alfred VM is running on ${home}`, {
    remedy: 'start it with npm start in its folder, or set ALFRED_HOME to the home of the one you mean',
    cause,
  });

function readToken(home: string): string {
  const file = path.join(home, 'cli-token');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliProblem('E_UNAUTHENTICATED', `The owner's token cannot be read: ${messageOf(error)}`, {
      remedy: `run this as the user who started the VM, who alone may read ${file}`,
      cause: error,
    });
  }
}

async function problemFrom(response: Response): Promise<CliProblem> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Not JSON: something else answers at that address, or a proxy stands between; the text is shown as it is below.
  }
  const problem = problemSchema.safeParse(json);
  if (problem.success) {
    const { code, detail, remedy, errors, status } = problem.data;
    return new CliProblem(code, detail, { remedy, fields: errors, status });
  }
  return new CliProblem('E_INTERNAL', `The server answered ${response.status}: ${text.slice(0, 300)}`, {
    status: response.status,
  });
}

/**
 * Finds the server that runs on `home`.
 *
 * @throws CliProblem E_NOT_RUNNING, or E_UNAUTHENTICATED when the owner's token cannot be read
 */
export async function connectApi(home: string): Promise<Api> {
  const holder = await readHomeLock(home);
  if (!holder?.address) throw notRunning(home);
  const { address } = holder;
  const token = readToken(home);

  const send = async (method: string, route: string, options: RequestOptions): Promise<Response> => {
    const url = new URL(route, address);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, ...options.headers };
    if (options.body !== undefined) headers['content-type'] ??= 'application/json';
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers,
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        ...(options.signal ? { signal: options.signal } : {}),
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw notRunning(home, error);
    }
    if (!response.ok) throw await problemFrom(response);
    return response;
  };

  const parse = <Schema extends z.ZodType>(
    schema: Schema,
    route: string,
    body: unknown,
  ): z.output<Schema> => {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new CliProblem('E_INTERNAL', `The server's answer to ${route} is not what this program expects`, {
      remedy: 'the server may be of another version: restart it with npm start',
      fields: parsed.error.issues.map(({ path: at, message }) => ({ field: `/${at.join('/')}`, message })),
    });
  };

  const request: Api['request'] = async (method, route, options = {}) => {
    const response = await send(method, route, options);
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      body: text === '' ? undefined : isJson ? JSON.parse(text) : text,
      etag: response.headers.get('etag') ?? undefined,
    };
  };

  return {
    url: address,
    request,
    get: async (schema, route, options) => parse(schema, route, (await request('GET', route, options)).body),
    post: async (schema, route, body) =>
      parse(schema, route, (await request('POST', route, body === undefined ? {} : { body })).body),
    async stream(route, headers, signal) {
      const response = await send('GET', route, { headers, signal });
      return response.status === 204 ? undefined : (response.body ?? undefined);
    },
  };
}
