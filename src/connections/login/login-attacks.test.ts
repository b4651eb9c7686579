/** Sign-ins against servers and strangers that mean harm. A canary on another port counts who is led astray: nobody. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Canary, startCanary } from '../../../tests/helpers/canary.ts';
import { closedAfterEach } from '../../../tests/helpers/closed-after-each.ts';
import { createLoginBench, type LoginBench, me } from '../../../tests/helpers/oauth/login-bench.ts';
import {
  json,
  type ScriptedOptions,
  type ScriptedServer,
  startScriptedServer,
} from '../../../tests/helpers/oauth/scripted-server.ts';
import { getConnection } from '../get-connection.ts';
import { updateConnection } from '../update-connection.ts';
import { metadataFetch } from './login-fetch.ts';

let bench: LoginBench;
const opened = closedAfterEach();
beforeAll(async () => {
  bench = await createLoginBench();
  return () => bench.close();
});

async function scripted(options: ScriptedOptions = {}): Promise<{ server: ScriptedServer; name: string }> {
  const server = await startScriptedServer(options);
  opened.push(server);
  return { server, name: await bench.connect(server.mcp) };
}
async function canary(): Promise<Canary> {
  const one = await startCanary();
  opened.push(one);
  return one;
}

const failure = async (work: Promise<unknown>) => {
  const { code, message } = await work.then(
    () => ({ code: 'none', message: '' }),
    (error: { code: string; message: string }) => error,
  );
  return { code, message };
};
const isSignedOut = async (name: string) => (await getConnection(bench.deps, name)).login === undefined;

describe('the way back', () => {
  it('is for the caller that began it, once, and for its own connection', async () => {
    const { server, name } = await scripted();
    const other = await bench.connect(server.mcp);
    const back = server.visit((await bench.begin(name)).url);
    const refusals = [
      await failure(bench.finish(back, { ...me, id: 'b' })),
      await failure(bench.finish(back, { ...me, kind: 'token' })),
      await failure(bench.finish(back, me, other)),
      await failure(bench.finish(back.replace(/state=[^&]+/, `state=${'x'.repeat(43)}`))),
      // Another page than the one that was asked for.
      await failure(bench.finish(back.replace('/oauth/callback', '/elsewhere'))),
      await failure(bench.finish(back.replace('127.0.0.1', 'localhost'))),
    ];
    expect(new Set(refusals.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(refusals[0]?.code).toBe('E_LOGIN_FAILED');
    expect(server.tokenRequests()).toHaveLength(0);
    expect(await bench.finish(back)).toMatchObject({ status: 'ready' });
    expect((await failure(bench.finish(back))).code).toBe('E_LOGIN_FAILED');
    expect(await isSignedOut(other)).toBe(true);
  });

  it.each([
    ['is no address', () => 'a-code-c4nary'],
    ['says nothing', () => 'http://127.0.0.1:4280/oauth/callback'],
    ['holds two codes', (back: string) => `${back}&code=injected`],
    ['holds two states', (back: string) => `${back}&state=injected`],
    ['holds two issuers', (back: string) => `${back}&iss=https%3A%2F%2Fevil.test`],
  ])('is refused where it %s, with the field named', async (_what, change) => {
    const { server, name } = await scripted();
    const back = server.visit((await bench.begin(name)).url);
    const refused = bench.finish(change(back));
    await expect(refused).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [{ field: '/callbackUrl' }],
    });
    expect(server.tokenRequests()).toHaveLength(0);
  });

  it.each([
    ['another server', { iss: 'https://evil.test' }, /begun with http:.* and https:\/\/evil\.test answers/],
    ['nobody, where the server promises to say who it is', { iss: '' }, /answers/],
    ['one slash more', { iss: 'SLASH' }, /answers/],
    ['an error of another server', { iss: 'https://evil.test', error: 'call +1-900' }, /evil\.test answers/],
  ])('mixed up with %s uses no code and believes no word', async (_what, given, message) => {
    const { server, name } = await scripted();
    const { url } = await bench.begin(name);
    Object.assign(server.back, given, given.iss === 'SLASH' ? { iss: `${server.url}/` } : {});
    const refused = await failure(bench.finish(server.visit(url)));
    expect(refused).toMatchObject({ code: 'E_LOGIN_FAILED', message: expect.stringMatching(message) });
    expect(refused.message).not.toContain('900');
    expect(server.tokenRequests()).toHaveLength(0);
    expect(await isSignedOut(name)).toBe(true);
  });

  it('with a refusal says why, in the server’s words, made visible', async () => {
    const { server, name } = await scripted();
    const { url } = await bench.begin(name);
    Object.assign(server.back, { error: 'access_denied', error_description: 'no\u202ereversed' });
    const refused = await failure(bench.finish(server.visit(url)));
    expect(refused).toMatchObject({ code: 'E_LOGIN_FAILED' });
    expect(refused.message).toContain('access_denied: no\\u202ereversed');
  });

  it('is of no use where the connection leads elsewhere by then', async () => {
    const { server, name } = await scripted();
    const back = server.visit((await bench.begin(name)).url);
    await updateConnection(
      bench.deps,
      name,
      { config: { url: `${server.url}/other` } },
      { actor: 'owner', mayApprove: true },
    );
    expect((await failure(bench.finish(back))).code).toBe('E_LOGIN_FAILED');
    expect(server.tokenRequests()).toHaveLength(0);
  });
});

describe('metadata', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/hostname',
    'alfred-app://x',
    'vbscript:x',
  ])('that wants people to sign in at %s is refused', async (page) => {
    const { server, name } = await scripted();
    Object.assign(server.metadata, { authorization_endpoint: page });
    expect((await failure(bench.begin(name))).code).toBe('E_LOGIN_FAILED');
  });

  it('leads no request to an address that the connection may not dial', async () => {
    const inside = await canary();
    const places: [string, ScriptedOptions, (server: ScriptedServer) => void][] = [
      [
        'of the resource',
        { challenge: () => 'Bearer resource_metadata="http://169.254.169.254/x"' },
        () => {},
      ],
      ['of the server', { resource: { authorization_servers: ['http://169.254.169.254'] } }, () => {}],
      [
        'of the registration',
        {},
        ({ metadata }) => Object.assign(metadata, { registration_endpoint: 'http://169.254.169.254/r' }),
      ],
    ];
    for (const [what, options, change] of places) {
      const { server, name } = await scripted(options);
      change(server);
      expect([what, (await failure(bench.begin(name))).code]).toEqual([what, 'E_ADDRESS_REFUSED']);
    }
    expect(inside.connections()).toBe(0);
  });

  it('redirects nobody to another origin', async () => {
    const elsewhere = await canary();
    const { name } = await scripted({
      intercept(url, response) {
        if (!url.startsWith('/.well-known/oauth-authorization-server')) return false;
        response.writeHead(302, { location: elsewhere.url }).end();
        return true;
      },
    });
    expect((await failure(bench.begin(name))).code).toBe('E_LOGIN_FAILED');
    expect(elsewhere.connections()).toBe(0);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['too long', { issuer: 'x', filler: 'x'.repeat(1_100_000) }, 'E_TOO_LARGE'],
    ['of another issuer', { issuer: 'https://evil.test' }, 'E_LOGIN_FAILED'],
    ['of its own with one slash more', { issuer: 'SLASH' }, 'E_LOGIN_FAILED'],
    ['without PKCE', { code_challenge_methods_supported: ['plain'] }, 'E_LOGIN_FAILED'],
    ['without an endpoint', { token_endpoint: 7 }, 'E_LOGIN_FAILED'],
  ])('%s is refused', async (_what, metadata, code) => {
    const { server, name } = await scripted();
    Object.assign(server.metadata, metadata, metadata.issuer === 'SLASH' ? { issuer: `${server.url}/` } : {});
    expect((await failure(bench.begin(name))).code).toBe(code);
  });

  it('that trickles in is given up after 15 seconds: what keeps such limits is tried with guardedFetch', async () => {
    const given: unknown[] = [];
    const fetch = metadataFetch(async (_url, _init, limits) => {
      given.push(limits);
      return new Response('{}');
    });
    await fetch('https://slow.test/.well-known/oauth-authorization-server');
    expect(given).toMatchObject([
      { headersTimeoutMs: 10_000, idleTimeoutMs: 10_000, totalTimeoutMs: 15_000, maxBytes: 1_048_576 },
    ]);
  });

  it('of a server that calls itself another is refused, with both named', async () => {
    const { name } = await scripted({ resource: { resource: 'https://bank.test/mcp' } });
    expect(await failure(bench.begin(name))).toMatchObject({
      code: 'E_LOGIN_FAILED',
      message: expect.stringMatching(/127\.0\.0\.1.*https:\/\/bank\.test\/mcp/),
    });
  });

  it('that is not there just now is no reason to ask somebody else', async () => {
    const { server, name } = await scripted({
      intercept(url, response) {
        if (!url.startsWith('/.well-known/oauth-protected-resource')) return false;
        response.writeHead(503).end('later');
        return true;
      },
      challenge: () => 'Bearer',
      withoutResourceMetadata: true,
    });
    expect((await failure(bench.begin(name))).code).toBe('E_CONNECTION_FAILED');
    expect(server.requests.filter(({ url }) => url.includes('oauth-authorization-server'))).toHaveLength(0);
  });

  it('that is nowhere is not guessed unless a person says so', async () => {
    const options: ScriptedOptions = {
      intercept(url, response) {
        if (!url.startsWith('/.well-known')) return false;
        response.writeHead(404).end();
        return true;
      },
      challenge: () => 'Bearer',
      withoutResourceMetadata: true,
    };
    const { server, name } = await scripted(options);
    expect((await failure(bench.begin(name))).code).toBe('E_LOGIN_FAILED');
    expect(server.requests.filter(({ method, url }) => method === 'POST' && url !== '/mcp')).toHaveLength(0);
    expect(await bench.signIn(name, ({ url }) => server.visit(url), { guessEndpoints: true })).toMatchObject({
      status: 'ready',
    });
  });
});

describe('registration', () => {
  it('that is refused says the server’s words, and the address to give by hand; by hand it works', async () => {
    const { server, name } = await scripted({
      intercept(url, response) {
        if (url !== '/register') return false;
        json(response, { error: 'invalid_redirect_uri', error_description: 'https only' }, 400);
        return true;
      },
    });
    await expect(bench.begin(name)).rejects.toMatchObject({
      code: 'E_LOGIN_FAILED',
      message: expect.stringContaining('invalid_redirect_uri: https only'),
      remedy: expect.stringContaining('http://127.0.0.1:4280/oauth/callback'),
    });
    const wish = { clientId: 'made by hand', clientSecret: 's+c%ret c4nary-3e3e' };
    await bench.signIn(name, ({ url }) => server.visit(url), wish);
    const authorization = server.requests.find(({ url }) => url === '/token')?.headers.authorization ?? '';
    const [id = '', secret = ''] = Buffer.from(authorization.slice(6), 'base64').toString().split(':');
    const decode = (part: string) => new URLSearchParams(`x=${part}`).get('x');
    expect([decode(id), decode(secret)]).toEqual([wish.clientId, wish.clientSecret]);
  });

  it('is not asked for where there is none', async () => {
    const { server, name } = await scripted();
    Object.assign(server.metadata, { registration_endpoint: undefined });
    await expect(bench.begin(name)).rejects.toMatchObject({ code: 'E_LOGIN_FAILED' });
    expect(server.requests.filter(({ url }) => url === '/register')).toHaveLength(0);
  });
});

it('leaves no secret in a row, a log or an error', async () => {
  const { server, name } = await scripted();
  await bench.signIn(name, ({ url }) => server.visit(url));
  await bench.text(name);
  const tables = ['connections', 'audit_inbox', 'secret_uses'];
  const rows = await Promise.all(
    tables.map((table) => bench.deps.db.pool.query(`SELECT to_jsonb(t)::text AS row FROM ${table} t`)),
  );
  expect(JSON.stringify(rows.map(({ rows: found }) => found)) + bench.logged()).not.toContain('c4nary');
});
