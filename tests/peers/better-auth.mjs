// better-auth with its MCP plugin, before an MCP server. Whoever comes to its pages is signed in, and agrees; with the cookie `no` they
// refuse. Prints the address of the MCP server. TTL: how long an access token is good, in seconds.
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { mcp, requireMcpAuth } from '@better-auth/mcp';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { jwt } from 'better-auth/plugins';
import { answerByFetch } from './by-fetch.mjs';

const server = createServer((request, response) => void answerByFetch(serve, origin, request, response));
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;
const resource = `${origin}/mcp`;
const ada = { email: 'ada@example.com', password: 'a sentence of hers' };

const options = {
  baseURL: origin,
  secret: 'good for a trial alone, and for nothing else',
  database: new DatabaseSync(':memory:'),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    jwt(),
    mcp({
      ...{ loginPage: '/login', consentPage: '/consent', resource },
      // Off unless they are asked for, both.
      ...{ allowDynamicClientRegistration: true, allowUnauthenticatedClientRegistration: true },
      accessTokenExpiresIn: Number(process.env.TTL),
    }),
  ],
};
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);
await auth.api.signUpEmail({ body: { name: 'Ada', ...ada } });

function mcpServer(who) {
  const made = new McpServer({ name: 'signed', version: '1.0.0' });
  made.registerTool('whoami', { description: 'Says who is signed in' }, async () => ({
    content: [{ type: 'text', text: who }],
  }));
  return made;
}
const protectedMcp = requireMcpAuth(
  auth,
  async (request, { sub }) =>
    createMcpHandler(() => mcpServer(sub === undefined ? 'nobody' : 'ada')).fetch(request),
  { resource },
);

/** As the script of such a page does: what the server answers says where to go. */
async function page(request, path, body) {
  const cookie = request.headers.get('cookie') ?? '';
  const answer = await auth.handler(
    new Request(new URL(path, origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie },
      body: JSON.stringify({ ...body, oauth_query: new URL(request.url).search.slice(1) }),
    }),
  );
  const headers = new Headers({ location: (await answer.json()).url });
  for (const line of answer.headers.getSetCookie()) headers.append('set-cookie', line);
  return new Response(null, { status: 302, headers });
}

async function serve(request) {
  const { pathname } = new URL(request.url);
  if (pathname === '/mcp') return protectedMcp(request);
  if (pathname === '/login') return page(request, '/api/auth/sign-in/email', ada);
  if (pathname === '/consent')
    return page(request, '/api/auth/oauth2/consent', {
      accept: !/\bno=/.test(request.headers.get('cookie') ?? ''),
    });
  return auth.handler(request);
}

process.stdout.write(`${resource}\n`);
