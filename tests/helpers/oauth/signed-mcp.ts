/**
 * An MCP server that asks for a login, and the authorization server beside it, on one port: the metadata, the token check and the
 * tools are ours; who gives tokens is a real one (oidc.ts), or is scripted by a test.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { type Canary, startCanary } from '../canary.ts';
import { answerByFetch } from '../mcp/answer-by-fetch.ts';

/** What a token lets its bearer do; undefined: nothing. */
type CheckToken = (token: string) => Promise<{ scopes: ReadonlySet<string>; who: string } | undefined>;

export type SignedMcp = Canary & {
  mcp: string;
  /** Every token that came with a request to the MCP server, in order. */
  tokens: string[];
  /** Bodies of the requests to the token endpoint. */
  tokenRequests: () => URLSearchParams[];
};

export type SignedMcpOptions = {
  check: CheckToken;
  /** Answers what is not the MCP server's: gets the body, as it was read already. */
  authorizationServer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
  /** What the protected-resource metadata says, beside `resource`; undefined: there is none. */
  metadata?: ((url: string) => Record<string, unknown>) | undefined;
  /** The challenge of a 401; the address of the metadata when left out. */
  challenge?: ((url: string) => string) | undefined;
  tokenPath?: string;
};

const json = (response: ServerResponse, value: unknown, status = 200, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

export async function startSignedMcp(options: SignedMcpOptions): Promise<SignedMcp> {
  const { check, authorizationServer, metadata, tokenPath = '/token' } = options;
  const tokens: string[] = [];
  const where = '/.well-known/oauth-protected-resource/mcp';
  const canary = await startCanary((request, response) => {
    const { body } = canary.last();
    const { pathname } = new URL(request.url ?? '/', canary.url);
    if (pathname === '/mcp') void serveMcp(request, response, body);
    else if (pathname === where && metadata) {
      json(response, { resource: `${canary.url}/mcp`, ...metadata(canary.url) });
    } else authorizationServer(request, response, body);
  });

  async function serveMcp(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined) tokens.push(token);
    const bearer = token === undefined ? undefined : await check(token);
    if (bearer === undefined) {
      const challenge =
        options.challenge?.(canary.url) ??
        `Bearer resource_metadata="${canary.url}${where}", scope="tools:read"`;
      json(response, { error: 'unauthorized' }, 401, { 'www-authenticate': challenge });
      return;
    }
    if (!bearer.scopes.has('tools:write') && /"name":"change"/.test(String(body))) {
      json(response, {}, 403, {
        'www-authenticate': 'Bearer error="insufficient_scope", scope="tools:write"',
      });
      return;
    }
    const handler = createMcpHandler(() => serverFor(bearer.who));
    await answerByFetch(handler, canary.url, request, body, response);
  }

  return {
    ...canary,
    mcp: `${canary.url}/mcp`,
    tokens,
    tokenRequests: () =>
      canary.requests
        .filter(({ method, url }) => method === 'POST' && url === tokenPath)
        .map(({ body }) => new URLSearchParams(String(body))),
  };
}

function serverFor(who: string): McpServer {
  const server = new McpServer({ name: 'signed', version: '1.0.0' });
  const say = (text: string) => async () => ({ content: [{ type: 'text' as const, text }] });
  server.registerTool('whoami', { description: 'Says who is signed in' }, say(who));
  server.registerTool('change', { description: 'Wants tools:write' }, say('changed'));
  return server;
}

/** A request whose body was read already, for a server that reads it itself. */
export function replay(
  listener: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): void {
  // oidc-provider takes a body that somebody parsed before it.
  const type = request.headers['content-type'] ?? '';
  const parsed: unknown = type.startsWith('application/json')
    ? JSON.parse(String(body))
    : Object.fromEntries(new URLSearchParams(String(body)));
  listener(Object.assign(request, body.length > 0 ? { body: parsed } : {}), response);
}
