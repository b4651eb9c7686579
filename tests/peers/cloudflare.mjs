// Cloudflare's workers-oauth-provider, by Node.js: what Workers bring along is stood in for by a map. Whoever comes is signed in, and
// agrees; with the cookie `no` they refuse. Prints the address of the MCP server. TTL: as for better-auth.
import { createServer } from 'node:http';
import { registerHooks } from 'node:module';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { answerByFetch } from './by-fetch.mjs';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'cloudflare:workers'
      ? { url: 'data:text/javascript,export class WorkerEntrypoint {}', shortCircuit: true }
      : next(specifier, context),
});
const { OAuthProvider } = await import('@cloudflare/workers-oauth-provider');

const kept = new Map();
const OAUTH_KV = {
  async get(key, { type } = {}) {
    const value = kept.get(key);
    return value !== undefined && type === 'json' ? JSON.parse(value) : (value ?? null);
  },
  put: async (key, value) => void kept.set(key, value),
  delete: async (key) => void kept.delete(key),
  list: async ({ prefix = '' } = {}) => ({
    keys: [...kept.keys()].filter((name) => name.startsWith(prefix)).map((name) => ({ name })),
    list_complete: true,
  }),
};

function mcpServer(who) {
  const made = new McpServer({ name: 'signed', version: '1.0.0' });
  made.registerTool('whoami', { description: 'Says who is signed in' }, async () => ({
    content: [{ type: 'text', text: who }],
  }));
  return made;
}

const server = createServer((request, response) => void answerByFetch(serve, origin, request, response));
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;

const provider = new OAuthProvider({
  apiRoute: '/mcp',
  apiHandler: {
    fetch: (request, _env, context) => createMcpHandler(() => mcpServer(context.props.who)).fetch(request),
  },
  defaultHandler: {
    async fetch(request, env) {
      if (new URL(request.url).pathname !== '/authorize') return new Response('Not here', { status: 404 });
      const asked = await env.OAUTH_PROVIDER.parseAuthRequest(request);
      if (/\bno=/.test(request.headers.get('cookie') ?? '')) {
        const back = new URL(asked.redirectUri);
        for (const [name, value] of Object.entries({
          error: 'access_denied',
          state: asked.state,
          iss: origin,
        }))
          back.searchParams.set(name, value);
        return Response.redirect(back.href, 302);
      }
      const { redirectTo } = await env.OAUTH_PROVIDER.completeAuthorization({
        ...{ request: asked, userId: 'ada', metadata: {}, scope: asked.scope, props: { who: 'ada' } },
      });
      return Response.redirect(redirectTo, 302);
    },
  },
  authorizeEndpoint: '/authorize',
  tokenEndpoint: '/token',
  clientRegistrationEndpoint: '/register',
  accessTokenTTL: Number(process.env.TTL),
  resourceMetadata: { resource: `${origin}/mcp` },
});
const serve = (request) =>
  provider.fetch(request, { OAUTH_KV }, { waitUntil: () => {}, passThroughOnException: () => {} });

process.stdout.write(`${origin}/mcp\n`);
