/**
 * A scripted stand-in for an endpoint that speaks Anthropic's Messages API: a real HTTP server on loopback, with the real
 * wire format (docs: "Streaming Messages"), every request recorded, and every way to fail that an endpoint has.
 *
 * The script is asked once for each `POST …/v1/messages`; `count_tokens` is answered by itself.
 */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageEvents, messageOf } from './messages-api-wire.ts';

/** Usage as the Messages API counts it; `ephemeral…` are the two classes of cache writes. */
export type ScriptedUsage = {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
  ephemeral_5m_input_tokens: number;
  ephemeral_1h_input_tokens: number;
};

export type ScriptedCall = { name: string; input: unknown; id?: string };
export type ScriptedBlock = { text: string } | { thinking: string } | { call: ScriptedCall };

export type ScriptedTurn = {
  thinking?: string;
  text?: string;
  toolCalls?: ScriptedCall[];
  /** In place of the three: the blocks of the answer, in this order. */
  content?: ScriptedBlock[];
  /** `tool_use` when there are tool calls, else `end_turn`, unless given. */
  stopReason?: string;
  usage?: Partial<ScriptedUsage>;
  /** The model that the answer names; the one asked for, unless given. */
  model?: string;
  /** Before the first byte, in milliseconds. */
  delayMs?: number;
  /** Between two events of a stream, in milliseconds. */
  eventDelayMs?: number;
  /** The stream breaks before its end. An answer that is not streamed comes whole all the same. */
  breaks?: ScriptedBreak;
};

export type ScriptedBreak = {
  /** How many blocks come whole before it. */
  afterBlocks: number;
  /** It comes in the middle of the block after those. */
  withinNext?: true;
  by: 'cut' | 'reset' | 'overloaded';
};

export const failureNames = [
  'unauthorized',
  'forbidden',
  'model-not-found',
  'rate-limited',
  'overloaded',
  'overloaded-mid-stream',
  'billing',
  'prompt-too-long',
  'bad-request',
  'server-error',
  'hang',
  'hang-mid-stream',
  'reset',
  'reset-mid-stream',
  'cut-mid-stream',
  'redirect',
  'not-json',
] as const;
export type FailureName = (typeof failureNames)[number];

export type ScriptedFailure = {
  fail: FailureName;
  /** Value of `retry-after`, in seconds. */
  retryAfter?: number;
  /** In place of the usual words of an error. */
  message?: string;
  /** Where `redirect` points. */
  location?: string;
  /** Usage reported in `message_start` before a stream is cut. */
  usage?: Partial<ScriptedUsage>;
};

/** The parts of a request's body that scripts look at; everything else stands in it too. */
export type MessagesBody = {
  model: string;
  max_tokens?: number;
  stream?: boolean;
  system?: unknown;
  messages: { role: string; content: unknown }[];
  tools?: { name: string; description?: string; input_schema?: Record<string, unknown> }[];
  [key: string]: unknown;
};

export type MessagesRequest = {
  /** 0 for the first `POST …/v1/messages`, and so on; count_tokens and others are not counted. */
  index: number;
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  /** The body as it came. */
  raw: string;
  body: MessagesBody;
  /** Resolves when the caller went away or the answer was complete. */
  closed: Promise<'done' | 'aborted'>;
};

export type Script = (
  request: MessagesRequest,
) => ScriptedTurn | ScriptedFailure | Promise<ScriptedTurn | ScriptedFailure>;

export type MessagesApi = {
  /** `http://127.0.0.1:<port>`, to be used as the base URL. */
  url: string;
  /** Every `POST …/v1/messages`, in order. */
  requests: MessagesRequest[];
  /** Everything else that was asked for (`count_tokens` and what should never come). */
  others: MessagesRequest[];
  /** The `n`th `POST …/v1/messages` (0 is the first), as soon as it has come. */
  request(n: number): Promise<MessagesRequest>;
  /** Another script from now on. */
  setScript(script: Script): void;
  close(): Promise<void>;
};

type HttpFailure = { status: number; type: string; message: string };

const httpFailures: Partial<Record<FailureName, HttpFailure>> = {
  unauthorized: { status: 401, type: 'authentication_error', message: 'invalid x-api-key' },
  forbidden: {
    status: 403,
    type: 'permission_error',
    message: 'Your API key does not have permission to use the specified resource.',
  },
  'model-not-found': { status: 404, type: 'not_found_error', message: 'model: claude-nobody-1' },
  'rate-limited': {
    status: 429,
    type: 'rate_limit_error',
    message: 'This request would exceed your organization’s rate limit.',
  },
  overloaded: { status: 529, type: 'overloaded_error', message: 'Overloaded' },
  billing: {
    status: 400,
    type: 'invalid_request_error',
    message:
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  },
  'prompt-too-long': {
    status: 400,
    type: 'invalid_request_error',
    message: 'prompt is too long: 213462 tokens > 200000 maximum',
  },
  'bad-request': {
    status: 400,
    type: 'invalid_request_error',
    message: 'messages.0.content: Input should be a valid list',
  },
  'server-error': { status: 500, type: 'api_error', message: 'Internal server error' },
};

/** Starts a stand-in endpoint that answers as `script` says. */
export async function startMessagesApi(script: Script): Promise<MessagesApi> {
  let current = script;
  const requests: MessagesRequest[] = [];
  const others: MessagesRequest[] = [];
  const waiting = new Map<number, (request: MessagesRequest) => void>();

  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    // A caller that goes away half way is part of the tests, never an error here.
    incoming.on('error', () => {});
    response.on('error', () => {});
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const path = (incoming.url ?? '').split('?')[0] ?? '';
      const isMessage = incoming.method === 'POST' && path.endsWith('/v1/messages');
      const request: MessagesRequest = {
        index: isMessage ? requests.length : -1,
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        raw,
        body: parse(raw),
        closed: new Promise((resolve) =>
          response.on('close', () => resolve(response.writableFinished ? 'done' : 'aborted')),
        ),
      };
      if (!isMessage) {
        others.push(request);
        if (incoming.method === 'POST' && path.endsWith('/v1/messages/count_tokens')) {
          sendJson(response, 200, { input_tokens: Math.ceil(raw.length / 4) });
        } else {
          sendError(response, { status: 404, type: 'not_found_error', message: 'Not found' });
        }
        return;
      }
      requests.push(request);
      waiting.get(request.index)?.(request);
      waiting.delete(request.index);
      void answer(current, request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    others,
    request(n) {
      const come = requests[n];
      return come ? Promise.resolve(come) : new Promise((resolve) => waiting.set(n, resolve));
    },
    setScript(next) {
      current = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The base URL of a port on loopback where nobody listens. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** A script that gives these turns one after the other, and the last one ever after. */
export const inTurn =
  (...turns: (ScriptedTurn | ScriptedFailure)[]): Script =>
  ({ index }) =>
    turns[Math.min(index, turns.length - 1)] ?? { text: 'Nothing is scripted.' };

type Block = { type: string; text?: string; tool_use_id?: string; content?: unknown; is_error?: boolean };

const blocksOf = (content: unknown): Block[] =>
  Array.isArray(content) ? (content as Block[]) : [{ type: 'text', text: String(content) }];

/** The text of every user message, tool results left out. */
export const userTextOf = (body: MessagesBody): string =>
  body.messages
    .filter(({ role }) => role === 'user')
    .flatMap(({ content }) => blocksOf(content))
    .filter(({ type }) => type === 'text')
    .map(({ text }) => text ?? '')
    .join('\n');

/** The tool results in the last message, each as text. */
export const toolResultsOf = (body: MessagesBody): { id: string; text: string; isError: boolean }[] =>
  blocksOf(body.messages.at(-1)?.content)
    .filter(({ type }) => type === 'tool_result')
    .map((block) => ({
      id: block.tool_use_id ?? '',
      text: blocksOf(block.content)
        .map(({ text }) => text ?? '')
        .join('\n'),
      isError: block.is_error === true,
    }));

/** The names of the tools that the request offers to the model. */
export const toolNamesOf = (body: MessagesBody): string[] => (body.tools ?? []).map(({ name }) => name);

function parse(raw: string): MessagesBody {
  try {
    return JSON.parse(raw) as MessagesBody;
  } catch {
    return { model: '', messages: [] };
  }
}

async function answer(script: Script, request: MessagesRequest, response: ServerResponse): Promise<void> {
  const next = await script(request);
  if ('fail' in next) {
    await fail(next, request, response);
    return;
  }
  if (next.delayMs) await sleep(next.delayMs);
  if (request.body.stream !== true) {
    sendJson(response, 200, messageOf(next, request));
    return;
  }
  startStream(response);
  const events = messageEvents(next, request);
  for (const event of next.breaks ? eventsBefore(next.breaks, events) : events) {
    if (response.destroyed) return;
    response.write(event);
    if (next.eventDelayMs) await sleep(next.eventDelayMs);
  }
  if (next.breaks) await breakOff(next.breaks.by, response);
  else response.end();
}

/** Those that come before a break. */
function eventsBefore({ afterBlocks, withinNext }: ScriptedBreak, events: string[]): string[] {
  const stops = events.flatMap((event, index) =>
    event.startsWith('event: content_block_stop') ? [index + 1] : [],
  );
  const whole =
    afterBlocks === 0
      ? events.findIndex((event) => event.startsWith('event: ping')) + 1
      : (stops[afterBlocks - 1] ?? events.length);
  // The next block's start and its first half.
  return events.slice(0, whole + (withinNext ? 2 : 0));
}

async function breakOff(by: ScriptedBreak['by'], response: ServerResponse): Promise<void> {
  // Let what was written reach the caller before the break.
  await sleep(50);
  if (by === 'reset') response.socket?.resetAndDestroy();
  if (by === 'cut') response.end();
  if (by === 'overloaded') {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    response.end(`event: error\ndata: ${JSON.stringify(error)}\n\n`);
  }
}

async function fail(
  failure: ScriptedFailure,
  request: MessagesRequest,
  response: ServerResponse,
): Promise<void> {
  const http = httpFailures[failure.fail];
  if (http) {
    const headers: Record<string, string> = {};
    if (failure.retryAfter !== undefined) headers['retry-after'] = String(failure.retryAfter);
    sendError(response, { ...http, message: failure.message ?? http.message }, headers);
    return;
  }
  const half = messageEvents(
    { text: 'This answer breaks off.', ...(failure.usage && { usage: failure.usage }) },
    request,
  ).slice(0, 4);
  switch (failure.fail) {
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'redirect':
      response.writeHead(307, { location: failure.location ?? 'http://127.0.0.1:9/v1/messages' });
      response.end();
      return;
    case 'not-json':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body>Please sign in to the network.</body></html>');
      return;
    default:
      break;
  }
  if (request.body.stream === true) {
    startStream(response);
    for (const event of half) response.write(event);
  } else if (failure.fail === 'overloaded-mid-stream') {
    sendError(response, httpFailures.overloaded ?? { status: 529, type: 'overloaded_error', message: '' });
    return;
  } else {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"type":"message","content":[{"type":"te');
  }
  const by = breaks[failure.fail];
  if (by) await breakOff(by, response);
}

const breaks: Partial<Record<FailureName, ScriptedBreak['by']>> = {
  'reset-mid-stream': 'reset',
  'cut-mid-stream': 'cut',
  'overloaded-mid-stream': 'overloaded',
};

function startStream(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'request-id': 'req_scripted',
  });
  response.flushHeaders();
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'request-id': 'req_scripted',
    ...headers,
  });
  response.end(JSON.stringify(body));
}

function sendError(
  response: ServerResponse,
  { status, type, message }: HttpFailure,
  headers: Record<string, string> = {},
): void {
  sendJson(
    response,
    status,
    { type: 'error', error: { type, message }, request_id: 'req_scripted' },
    headers,
  );
}
