/** Signing in to MCP servers, against a real authorization server: begin, come back, call, renew, sign out. */
import { beforeAll, describe, expect, it } from 'vitest';
import { closedAfterEach } from '../../../tests/helpers/closed-after-each.ts';
import { createLoginBench, type LoginBench, me } from '../../../tests/helpers/oauth/login-bench.ts';
import {
  type OidcMcp,
  type OidcOptions,
  signInThere,
  startOidcMcp,
} from '../../../tests/helpers/oauth/oidc.ts';
import { startScriptedServer } from '../../../tests/helpers/oauth/scripted-server.ts';
import { beginLoginSchema, type LoginBegun } from '../../contract/logins.ts';
import { getConnection } from '../get-connection.ts';
import { removeConnection } from '../remove-connection.ts';
import { beginLogin } from './begin-login.ts';
import { finishLogin } from './finish-login.ts';
import { logOut } from './log-out.ts';
import { PendingLogins } from './pending-logins.ts';
import { addressesOf, clientDocument } from './redirect-address.ts';

let bench: LoginBench;
const opened = closedAfterEach();
beforeAll(async () => {
  bench = await createLoginBench();
  return () => bench.close();
});

async function oidc(options: OidcOptions = {}): Promise<OidcMcp> {
  const server = await startOidcMcp(options);
  opened.push(server);
  return server;
}
const visit = ({ url, redirectUri }: LoginBegun) => signInThere(url, redirectUri);

describe('a sign-in at oidc-provider', () => {
  it.each<[string, OidcOptions]>([
    ['registers by itself', {}],
    ['finds an issuer with a path, by openid-configuration alone', { path: '/tenant/one' }],
  ])('%s, calls, renews twice, and is revoked', async (_what, options) => {
    const server = await oidc({ ...options, accessTtl: 2 });
    const name = await bench.connect(server.mcp);
    await expect(bench.text(name)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
    const connection = await bench.signIn(name, visit);
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
    const renewals = () =>
      server.tokenRequests().filter((form) => form.get('grant_type') === 'refresh_token');
    while (renewals().length < 2) expect(await bench.text(name)).toBe('ada');
    const sent = renewals();
    expect(new Set(sent.map((form) => form.get('resource')))).toEqual(new Set([server.mcp]));
    expect(new Set(sent.map((form) => form.get('refresh_token'))).size).toBe(sent.length);

    const last = server.tokens.at(-1) ?? '';
    expect(await logOut(bench.deps, name, 'owner')).not.toHaveProperty('warnings');
    const direct = await fetch(server.mcp, { method: 'POST', headers: { authorization: `Bearer ${last}` } });
    expect(direct.status).toBe(401);
    expect(await getConnection(bench.deps, name)).toMatchObject({ status: 'needs_login' });
    await expect(bench.text(name)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
  });

  it('is revoked when the connection is removed', async () => {
    const server = await oidc();
    const name = await bench.connect(server.mcp);
    await bench.signIn(name, visit);
    expect(await bench.text(name)).toBe('ada');
    await removeConnection(bench.deps, name);
    const token = server.tokens.at(-1) ?? '';
    const direct = await fetch(server.mcp, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    expect(direct.status).toBe(401);
  });

  it('asks a person for more when a call is refused for want of a scope, and keeps what it had', async () => {
    const server = await oidc();
    const name = await bench.connect(server.mcp);
    await bench.signIn(name, visit);
    await expect(bench.text(name, 'change')).rejects.toMatchObject({
      code: 'E_NEEDS_LOGIN',
      message: expect.stringContaining('tools:write'),
    });
    expect((await getConnection(bench.deps, name)).login).toMatchObject({ missing: 'tools:write' });
    expect(await bench.text(name)).toBe('ada');
    const begun = await bench.begin(name);
    expect(begun.scope?.split(' ').sort()).toEqual(['offline_access', 'tools:read', 'tools:write']);
    expect((await bench.finish(await visit(begun))).login).toMatchObject({ missing: null });
    expect(await bench.text(name, 'change')).toBe('changed');
  });

  it('takes a client made by hand where nobody is registered, and keeps it over a sign-out', async () => {
    const client = {
      client_id: 'by-hand',
      client_secret: 's+c%ret/made by hand',
      redirect_uris: ['http://127.0.0.1:4280/oauth/callback'],
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_basic',
    };
    const server = await oidc({ registers: false, clients: [client] });
    const name = await bench.connect(server.mcp);
    await expect(bench.begin(name)).rejects.toMatchObject({
      code: 'E_LOGIN_FAILED',
      message: expect.stringContaining('registers no clients'),
    });
    const wish = { clientId: client.client_id, clientSecret: client.client_secret };
    expect(await bench.signIn(name, visit, wish)).toMatchObject({
      status: 'ready',
      login: { client: 'hand' },
    });
    await logOut(bench.deps, name, 'owner');
    expect(await bench.signIn(name, visit)).toMatchObject({ status: 'ready', login: { client: 'hand' } });
  });

  it('that says nothing of renewing is told at once to end', async () => {
    const server = await oidc();
    const name = await bench.connect(server.mcp);
    const begun = await bench.begin(name);
    const url = new URL(begun.url);
    url.searchParams.set('scope', 'tools:read');
    url.searchParams.delete('prompt');
    const connection = await bench.finish(await visit({ ...begun, url: url.href }));
    expect(connection).toMatchObject({ login: { renews: false } });
    expect(connection.warnings).toEqual([expect.stringMatching(/ends at .* and cannot be renewed/)]);
  });
});

it('is known by the document at the VM’s public address, where the server reads such documents', async () => {
  const server = await startScriptedServer();
  opened.push(server);
  server.metadata.client_id_metadata_document_supported = true;
  const name = await bench.connect(server.mcp);
  const deps = { ...bench.deps, pending: new PendingLogins() };
  const publicUrl = 'https://alfred.example';
  const addresses = addressesOf(publicUrl, { host: 'alfred.example', port: 443 });
  const begun = await beginLogin(deps, name, beginLoginSchema.parse({ way: 'console' }), {
    ...{ beginner: me, addresses },
  });
  const { client_id: clientId, redirect_uris: redirectUris } = clientDocument(publicUrl);
  expect(new URL(begun.url).searchParams.get('client_id')).toBe(clientId);
  expect(redirectUris).toEqual([begun.redirectUri]);
  const { login, status } = await finishLogin(deps, server.visit(begun.url), me, name);
  expect({ status, client: login?.client }).toEqual({ status: 'ready', client: 'document' });
  expect(server.requests.map(({ url }) => url)).not.toContain('/register');
});
