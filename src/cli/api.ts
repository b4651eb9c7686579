/** The running server's API, as commands call it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { addressOf } from '../contract/address.ts';
import { type CallOptions, type Client, clientOf, type Sent } from '../contract/client.ts';
import { problemSchema } from '../contract/errors.ts';
import type { Answer, Operation } from '../contract/operation.ts';
import { type Operations, operations } from '../contract/operations.ts';
import { messageOf } from '../kernel/errors.ts';
import { readHomeLock } from '../processes/home-lock.ts';
import { CliProblem } from './problem.ts';

type Streaming = {
  url: string;
  /** The body of a streaming answer; undefined when there is nothing to come (204). */
  stream(
    operation: Operation,
    sent: Sent,
    options: { headers?: Record<string, string>; signal: AbortSignal },
  ): Promise<ReadableStream<Uint8Array> | undefined>;
};

/** A server's operations by their names; a streaming answer is read by `stream`. */
export type ApiOf<Ops extends Record<string, Operation>> = Client<Ops> & Streaming;

export type Api = ApiOf<Operations>;

const notRunning = (home: string, cause?: unknown) =>
  new CliProblem('E_NOT_RUNNING', `No Alfred VM is running on ${home}`, {
    remedy: 'start it with npm start in its folder, or set ALFRED_HOME to the home of the one you mean',
    cause,
  });

/** @throws CliProblem E_UNAUTHENTICATED when it cannot be read */
export function readTokenFile(file: string, words: { whose: string; started: string }): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliProblem(
      'E_UNAUTHENTICATED',
      `The ${words.whose} token cannot be read: ${messageOf(error)}`,
      {
        remedy: `run this as the user who started ${words.started}, who alone may read ${file}`,
        cause: error,
      },
    );
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
  const token = readTokenFile(path.join(home, 'cli-token'), { whose: "owner's", started: 'the VM' });
  return clientAt<Operations>(operations, {
    address: holder.address,
    token,
    notRunning: (cause) => notRunning(home, cause),
  });
}

/** @param server.notRunning the problem when nothing answers there */
export function clientAt<Ops extends Record<string, Operation>>(
  known: Record<keyof Ops & string, Operation>,
  server: {
    address: string;
    token: string;
    notRunning(cause: unknown): CliProblem;
    /** A VM's when left out. */
    bodyType?: (method: string) => string;
  },
): ApiOf<Ops> {
  const { address, token } = server;
  const send = async (
    { method, path: pattern }: Operation,
    { body, ...place }: Sent,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(new URL(addressOf({ path: pattern }, place), address), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': server.bodyType?.(method) ?? bodyType(method) }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw server.notRunning(error);
    }
    if (!response.ok) throw await problemFrom(response);
    return response;
  };

  const call = async (operation: Operation, sent: Sent, { etag, signal }: CallOptions) => {
    const response = await send(operation, sent, etag === undefined ? {} : { 'if-match': etag }, signal);
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    const body: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
    return {
      body: parseAnswer(operation, response.status, body),
      etag: response.headers.get('etag') ?? undefined,
    };
  };

  const streaming: Streaming = {
    url: address,
    async stream(operation, sent, { headers, signal }) {
      const response = await send(operation, sent, headers, signal);
      return response.status === 204 ? undefined : (response.body ?? undefined);
    },
  };
  return { ...clientOf<Ops, Operation>(known, call), ...streaming };
}

const bodyType = (method: string) =>
  method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';

/** An answer as its operation describes it: what a server of another version sends is said, and not taken for this. */
function parseAnswer({ path: pattern, responses }: Operation, status: number, body: unknown): unknown {
  const answer = (responses as Record<number, Answer>)[status];
  if (answer !== undefined && 'content' in answer && answer.content['application/json'] === undefined)
    return body;
  const schema =
    answer !== undefined && 'content' in answer ? answer.content['application/json']?.schema : answer;
  const parsed = schema?.safeParse(body);
  if (parsed?.success) return parsed.data;
  throw new CliProblem('E_INTERNAL', `The server's answer to ${pattern} is not what this program expects`, {
    remedy: 'the server may be of another version: restart it with npm start',
    fields: parsed?.error.issues.map(({ path: at, message }) => ({ field: `/${at.join('/')}`, message })),
  });
}
