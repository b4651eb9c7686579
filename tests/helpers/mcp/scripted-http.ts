/**
 * A streamable HTTP server of the 2025 protocol, written by hand so that a test can make it forget sessions, change its
 * tools, ask for a login, and answer in every wrong way.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Canary, type Seen, startCanary } from '../canary.ts';

type Message = {
  id?: string | number;
  method?: string;
  params?: { name?: string; arguments?: Record<string, unknown> };
};

export type ScriptedHttp = Canary & {
  mcp: string;
  /** Names of the tools. */
  tools: string[];
  sessions: Set<string>;
  /** Streams on which it may speak unasked. */
  listeners: Set<ServerResponse>;
  /** Calls that were carried out. */
  calls: string[];
  notify: (method: string) => void;
  forgetSessions: () => void;
  /** JSON-RPC messages of one method, as they came. */
  messages: (method: string) => Message[];
};

export type ScriptedOptions = {
  /** Answers before anything else; true when it has. */
  intercept?: (seen: Seen, message: Message, response: ServerResponse, server: ScriptedHttp) => boolean;
  /** How calls are answered. */
  answerIn?: 'json' | 'sse';
  /** With another status than 404, as some servers do, and words; 200 with an error in it. */
  forgetsWith?: number;
  /** Without a word of why. */
  forgetsSilently?: boolean;
};

export async function startScriptedHttp(options: ScriptedOptions = {}): Promise<ScriptedHttp> {
  const canary = await startCanary((request, response) => {
    const seen = canary.last();
    const message: Message = seen.body.length > 0 ? JSON.parse(String(seen.body)) : {};
    if (options.intercept?.(seen, message, response, server)) return;
    if (message.method === 'initialize') begin(server, message, response);
    else answer(server, request, message, response, options);
  });
  const server: ScriptedHttp = {
    ...canary,
    mcp: `${canary.url}/mcp`,
    tools: ['echo', 'other'],
    sessions: new Set(),
    listeners: new Set(),
    calls: [],
    notify(method) {
      for (const listener of server.listeners)
        listener.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', method })}\n\n`);
    },
    forgetSessions: () => server.sessions.clear(),
    messages: (method) =>
      canary.requests
        .filter(({ body }) => body.length > 0)
        .map(({ body }): Message => JSON.parse(String(body)))
        .filter((message) => message.method === method),
  };
  return server;
}

const reply = (response: ServerResponse, value: unknown, status = 200, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

function begin(server: ScriptedHttp, message: Message, response: ServerResponse): void {
  const id = randomUUID();
  server.sessions.add(id);
  const result = {
    protocolVersion: '2025-11-25',
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'scripted', version: '1' },
  };
  reply(response, { jsonrpc: '2.0', id: message.id, result }, 200, { 'mcp-session-id': id });
}

/** Within a session, if there is one. */
function answer(
  server: ScriptedHttp,
  request: IncomingMessage,
  message: Message,
  response: ServerResponse,
  { forgetsWith = 404, forgetsSilently = false, answerIn }: ScriptedOptions,
): void {
  const session = String(request.headers['mcp-session-id'] ?? '');
  if (!server.sessions.has(session)) {
    const error = { code: -32_000, message: session === '' ? 'Bad Request' : 'Session not found' };
    const status = session === '' ? 400 : forgetsWith;
    if (session !== '' && forgetsSilently) response.writeHead(status).end();
    else reply(response, { jsonrpc: '2.0', id: message.id ?? null, error }, status);
  } else if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    server.listeners.add(response);
    response.on('close', () => server.listeners.delete(response));
  } else if (request.method === 'DELETE') {
    server.sessions.delete(session);
    response.writeHead(204).end();
  } else if (message.id === undefined) {
    response.writeHead(202).end();
  } else {
    const value = { jsonrpc: '2.0', id: message.id, result: resultOf(server, message) };
    if (answerIn !== 'sse') reply(response, value);
    else
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(`event: message\ndata: ${JSON.stringify(value)}\n\n`);
  }
}

function resultOf(server: ScriptedHttp, { method, params }: Message): unknown {
  if (method === 'tools/list') {
    return {
      tools: server.tools.map((name) => ({ name, inputSchema: { type: 'object', properties: {} } })),
    };
  }
  if (method !== 'tools/call') return {};
  server.calls.push(params?.name ?? '');
  return { content: [{ type: 'text', text: `${params?.name} ${JSON.stringify(params?.arguments)}` }] };
}
