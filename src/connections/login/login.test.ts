/** Signing in to MCP servers, against real authorization servers: begin, come back, call, renew, sign out. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConnectionBench,
  createConnectionBench,
  owner,
} from '../../../tests/helpers/mcp/connections.ts';
import {
  type OidcMcp,
  type OidcOptions,
  signInThere,
  startOidcMcp,
} from '../../../tests/helpers/oauth/oidc.ts';
import { connectionInputSchema } from '../../contract/connections.ts';
import { beginLoginSchema } from '../../contract/logins.ts';
import { createConnection } from '../create-connection.ts';
import { getConnection } from '../get-connection.ts';
import { beginLogin } from './begin-login.ts';
import { finishLogin } from './finish-login.ts';
import { logOut } from './log-out.ts';
import { type Beginner, PendingLogins } from './pending-logins.ts';
import { addressesOf } from './redirect-address.ts';

let bench: ConnectionBench;
const opened: { close: () => Promise<unknown> }[] = [];
beforeAll(async () => {
  bench = await createConnectionBench();
  return () => bench.close();
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const me: Beginner = { kind: 'session', id: 'a', actor: 'owner' };
const pending = new PendingLogins();
const deps = () => ({ ...bench.deps, pending });
const addresses = addressesOf(undefined, { host: '127.0.0.1:4280', port: 4280 });

async function oidc(options: OidcOptions = {}): Promise<OidcMcp> {
  const server = await startOidcMcp(options);
  opened.push(server);
  return server;
}

let count = 0;
async function connect(url: string): Promise<string> {
  count += 1;
  const config = { url, allowPrivateNetwork: true };
  const { name } = await createConnection(
    bench.deps,
    connectionInputSchema.parse({ name: `signed-${count}`, type: 'mcp_http', config }),
    owner,
  );
  return name;
}

const begin = (name: string, wish: object = {}, beginner = me) =>
  beginLogin(deps(), name, beginLoginSchema.parse({ way: 'console', ...wish }), { beginner, addresses });

async function signIn(name: string, wish: object = {}) {
  const { url, redirectUri } = await begin(name, wish);
  return finishLogin(deps(), await signInThere(url, redirectUri), me, name);
}

const text = async (name: string, tool = 'whoami') => {
  const { content } = await bench.deps.pool.call(name, tool, {});
  return content.map((part) => ('text' in part ? part.text : '')).join('');
};

describe('a sign-in', () => {
  it.each<[string, OidcOptions]>([
    ['registers by itself', {}],
    ['finds an issuer with a path, by openid-configuration alone', { path: '/tenant/one' }],
  ])('%s, calls, renews twice, and is revoked', async (_what, options) => {
    const server = await oidc({ ...options, accessTtl: 2 });
    const name = await connect(server.mcp);
    const connection = await signIn(name);
    expect(connection).toMatchObject({
      status: 'ready',
      tools: ['whoami', 'change'],
      login: {
        state: 'signed_in',
        issuer: server.issuer,
        grantedBy: 'owner',
        renews: true,
        client: 'registration',
        asked: 'tools:read offline_access',
      },
    });
    expect(await text(name)).toBe('ada');
    const renewals = () =>
      server.tokenRequests().filter((form) => form.get('grant_type') === 'refresh_token').length;
    while (renewals() < 2) expect(await text(name)).toBe('ada');
    const sent = server.tokenRequests().filter((form) => form.get('grant_type') === 'refresh_token');
    expect(new Set(sent.map((form) => form.get('resource')))).toEqual(new Set([server.mcp]));
    expect(new Set(sent.map((form) => form.get('refresh_token'))).size).toBe(sent.length);

    const last = server.tokens.at(-1) ?? '';
    expect(await logOut(bench.deps, name, 'owner')).not.toHaveProperty('warnings');
    const direct = await fetch(server.mcp, { method: 'POST', headers: { authorization: `Bearer ${last}` } });
    expect(direct.status).toBe(401);
    expect(await getConnection(bench.deps, name)).toMatchObject({ status: 'needs_login' });
    await expect(text(name)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
  });
});
