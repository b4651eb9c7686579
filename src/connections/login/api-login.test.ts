/** Signing in to HTTP APIs, against a real authorization server: as the document says it, by the browser; renewed, refused, revoked. */
import { beforeAll, describe, expect, it } from 'vitest';
import { closedAfterEach } from '../../../tests/helpers/closed-after-each.ts';
import { createLoginBench, type LoginBench, me } from '../../../tests/helpers/oauth/login-bench.ts';
import { signInThere } from '../../../tests/helpers/oauth/oidc.ts';
import {
  handMade,
  type OidcApi,
  type OidcApiOptions,
  startOidcApi,
} from '../../../tests/helpers/oauth/oidc-api.ts';
import { startWorker } from '../../../tests/helpers/oauth/start-worker.ts';
import type { LoginBegun } from '../../contract/logins.ts';
import { lackedWords } from '../../contract/scopes.ts';
import { getConnection } from '../get-connection.ts';
import { logOut } from './log-out.ts';

let bench: LoginBench;
const opened = closedAfterEach();
beforeAll(async () => {
  bench = await createLoginBench();
  return () => bench.close();
});

async function oidcApi(options: OidcApiOptions = {}): Promise<OidcApi> {
  const server = await startOidcApi(options);
  opened.push(server);
  return server;
}
const visit = ({ url, redirectUri }: LoginBegun) => signInThere(url, redirectUri);
const shown = (name: string) => getConnection(bench.deps, name);
const renewals = (server: OidcApi) =>
  server.tokenRequests().filter((form) => form.get('grant_type') === 'refresh_token');

describe('a sign-in to an API whose document names the way', () => {
  it.each<[string, OidcApiOptions]>([
    ['by its addresses', {}],
    ['by OpenID Connect', { scheme: 'openIdConnect' }],
  ])('%s, asks for the least, calls, renews twice, and is revoked', async (_what, options) => {
    const server = await oidcApi({ ...options, accessTtl: 2 });
    const name = await bench.connectApi(server.document, { include: ['whoami', 'about'] });
    await bench.deps.pool.discover(name);
    await expect(bench.text(name)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
    const begun = await bench.begin(name, handMade);
    expect(begun).toMatchObject({ issuer: server.url, scope: 'notes:read offline_access' });
    expect(await bench.finish(await visit(begun), me, name)).toMatchObject({
      status: 'ready',
      tools: ['whoami', 'about'],
      login: {
        ...{ state: 'signed_in', issuer: server.url, grantedBy: 'owner', renews: true, client: 'hand' },
        ...{ scope: 'notes:read offline_access', asked: 'notes:read offline_access' },
      },
    });
    while (renewals(server).length < 2) expect(await bench.text(name)).toContain('ada');
    const sent = renewals(server).map((form) => form.get('refresh_token'));
    expect(new Set(sent).size).toBe(sent.length);

    const last = server.tokens.at(-1) ?? '';
    const signedOut = await logOut(bench.deps, name, 'owner');
    if (options.scheme === 'openIdConnect') expect(signedOut).not.toHaveProperty('warnings');
    // Its document names no place where tokens are taken back.
    else expect(signedOut.warnings).toEqual([expect.stringContaining('revokes none')]);
    const direct = await fetch(`${server.api}/whoami`, { headers: { authorization: `Bearer ${last}` } });
    expect(direct.status).toBe(options.scheme === 'openIdConnect' ? 401 : 200);
    await expect(bench.text(name)).rejects.toMatchObject({
      code: 'E_NEEDS_LOGIN',
      message: expect.stringContaining('Nobody is signed in'),
    });
  });
});

describe('what a sign-in was not granted', () => {
  it('is said of each tool, and in the answer of a call that is refused', async () => {
    const server = await oidcApi();
    const name = await bench.connectApi(server.document);
    const begun = await bench.begin(name, { ...handMade, scope: 'notes:read offline_access' });
    const connection = await bench.finish(await visit(begun), me, name);
    expect(lackedWords(connection)).toBe(
      'The sign-in was not granted what one tool needs: change (notes:write).',
    );
    expect(await bench.text(name, 'change')).toContain('was not granted notes:write');
    // What a connection needs changes nothing of its tools that somebody approved.
    expect(connection.toolCatalog.map(({ name: tool, scopes, off }) => [tool, scopes, off])).toEqual([
      ['whoami', [['notes:read', 'offline_access']], undefined],
      ['change', [['notes:write']], undefined],
      ['about', undefined, undefined],
    ]);
  });

  it('is asked for where the config says that a person signs in, before the first call', async () => {
    const server = await oidcApi({ scheme: 'none' });
    const addresses = { authorizationUrl: `${server.url}/auth`, tokenUrl: `${server.url}/token` };
    const auth = {
      type: 'oauth2',
      ...addresses,
      revocationUrl: `${server.url}/token/revocation`,
      scope: 'notes:read offline_access',
    };
    const name = await bench.connectApi(server.document, { auth, include: ['about'] });
    await bench.deps.pool.discover(name);
    expect(await shown(name)).toMatchObject({
      status: 'needs_login',
      lastError: expect.stringContaining('Nobody is signed in'),
    });
    expect(await bench.signIn(name, visit, handMade)).toMatchObject({ status: 'ready', lastError: null });
    expect(await logOut(bench.deps, name, 'owner')).not.toHaveProperty('warnings');
  });
});

it('is renewed once by 200 calls in two processes whose token was taken back', async () => {
  const server = await oidcApi();
  const name = await bench.connectApi(server.document, { include: ['whoami'] });
  await bench.signIn(name, visit, handMade);
  await bench.text(name);
  const workers = await Promise.all([startWorker(bench, name, 100), startWorker(bench, name, 100)]);
  await server.end(server.tokens.at(-1) ?? '');
  for (const { go } of workers) go();
  const outcomes = await Promise.all(workers.map(({ outcome }) => outcome()));
  expect(outcomes).toEqual(Array(2).fill({ done: 100, failures: [] }));
  expect(renewals(server)).toHaveLength(1);
});

describe('the way back', () => {
  it.each<[string, (back: string) => string]>([
    ['another state', (back) => back.replace(/state=[^&]+/, `state=${'x'.repeat(43)}`)],
    ['another server', (back) => back.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.test')],
  ])('with %s uses no code', async (_what, forge) => {
    const server = await oidcApi();
    const name = await bench.connectApi(server.document);
    const back = await visit(await bench.begin(name, handMade));
    await expect(bench.finish(forge(back), me, name)).rejects.toMatchObject({ code: 'E_LOGIN_FAILED' });
    expect(server.tokenRequests()).toHaveLength(0);
  });

  it('may be an address of the person’s own, which is pasted', async () => {
    const server = await oidcApi();
    const name = await bench.connectApi(server.document);
    const wish = { ...handMade, way: 'paste' };
    const begun = await bench.begin(name, { ...wish, redirectUri: 'https://my.example/back' });
    expect(new URL(begun.url).searchParams.get('redirect_uri')).toBe('https://my.example/back');
    await expect(
      bench.begin(name, { ...wish, way: 'console', redirectUri: 'https://my.example/back' }),
    ).rejects.toMatchObject({ fields: [{ field: '/redirectUri' }] });
  });
});

describe('a document that leads elsewhere', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['names a page that is none', { authorizationUrl: 'javascript:alert(1)' }, 'E_LOGIN_FAILED'],
    ['gives tokens inside the network', { tokenUrl: 'https://169.254.169.254/token' }, 'E_ADDRESS_REFUSED'],
    ['gives tokens without encryption', { tokenUrl: 'http://tokens.test/token' }, 'E_LOGIN_FAILED'],
  ])('%s: no code and no secret of the client goes there', async (_what, code, refusal) => {
    const server = await oidcApi({ code });
    const name = await bench.connectApi(server.document);
    const signIn = bench.signIn(name, visit, handMade);
    await expect(signIn).rejects.toMatchObject({ code: refusal });
    expect((await shown(name)).login).toBeUndefined();
  });
});

it('leaves no token, code or secret in a row, a log or an error', async () => {
  const server = await oidcApi();
  const name = await bench.connectApi(server.document, { include: ['whoami'] });
  await bench.signIn(name, visit, handMade);
  await bench.text(name);
  const given = [
    ...server.tokens,
    ...server.tokenRequests().flatMap((form) => [form.get('code') ?? []].flat()),
  ];
  expect(given.length).toBeGreaterThan(1);
  const tables = ['connections', 'audit_inbox', 'secret_uses'];
  const rows = await Promise.all(
    tables.map((table) => bench.deps.db.pool.query(`SELECT to_jsonb(t)::text AS row FROM ${table} t`)),
  );
  const kept = JSON.stringify(rows.map(({ rows: found }) => found)) + bench.logged();
  for (const secret of [...given, 'c4nary']) expect(kept).not.toContain(secret);
});
