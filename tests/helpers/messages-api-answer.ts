/** How a scripted endpoint answers: a turn, whole or streamed, or one of the ways to fail that a real one has. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendJson as sendAsTheApi } from '../../src/model/proxy/answers.ts';
import type {
  FailureName,
  MessagesRequest,
  Script,
  ScriptedBreak,
  ScriptedFailure,
} from './messages-api-script.ts';
import { messageEvents, messageOf } from './messages-api-wire.ts';

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

/** Answers a `POST …/v1/messages` as the script says. */
export async function answer(
  script: Script,
  request: MessagesRequest,
  response: ServerResponse,
): Promise<void> {
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
  // Let what was written reach the caller before the break, on a machine with much to do as well: what comes together with a break is lost.
  await sleep(1_000);
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

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => sendAsTheApi(response, status, body, { 'request-id': 'req_scripted', ...headers });

export function sendError(
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
