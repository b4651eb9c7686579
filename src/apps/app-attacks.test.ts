/** What strangers, malicious programs and pages of other sites try, and what comes of it. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../tests/helpers/http.ts';
import { askingApp, issuer, redirectUri, type Tokens } from '../../tests/helpers/oauth/asking-app.ts';
import { tlsIdentity } from '../../tests/helpers/tls-identity.ts';
import { createSession, sessionCookie } from '../http/access/sessions.ts';
import { createGuardedFetch } from '../outbound/guarded-fetch.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { readClientDocument } from './client-document.ts';

let server: TestServer;
let app: ReturnType<typeof askingApp>;
/** What the host of documents answers, by path. */
const documents = new Map<string, (end: (status: number, body: string, headers?: object) => void) => void>();
const host = createServer({ key: tlsIdentity.key, cert: tlsIdentity.certificate }, (request, response) => {
  const give = documents.get(request.url ?? '');
  const end = (status: number, body: string, headers = {}) =>
    response.writeHead(status, { ...headers }).end(body);
  if (give) give(end);
  else end(404, '');
});
let origin: string;

beforeAll(async () => {
  await new Promise<void>((done) => void host.listen(0, '127.0.0.1', done));
  origin = `https://${tlsIdentity.host}:${(host.address() as AddressInfo).port}`;
  server = await createTestServer({
    appDocuments: {
      allowPrivateNetwork: true,
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      ca: tlsIdentity.certificate,
    },
  });
  app = askingApp(server);
});
afterAll(async () => {
  await server?.close();
  host.closeAllConnections();
  host.close();
});

const look = (query: string) => server.send('POST', '/api/v1/apps/look', { query });
const isOut = async ({ access_token: token }: Pick<Tokens, 'access_token'>) =>
  (await app.mcp(token)).status === 401;
const refused = (error: string) => ({ status: 400, body: { error } });
const lastAct = () => server.db.prisma.auditInbox.findFirst({ orderBy: { id: 'desc' } });

describe('an open redirect', () => {
  it('is none: nobody is sent to an address that is not the program’s own', async () => {
    const client = await app.clientId({ redirect_uris: [redirectUri, 'https://app.example/cb'] });
    for (const asked of [
      'https://attacker.example/cb',
      'https://app.example/cb?next=https://attacker.example',
      'https://app.example.attacker.example/cb',
      'http://127.0.0.1:8080/other',
      'javascript:alert(1)',
      undefined,
    ]) {
      const query = app.query(client, { redirect_uri: asked });
      for (const answer of [
        await look(query),
        await app.decide(query),
        await app.decide(query, { decision: 'deny' }),
      ]) {
        expect(answer.status).toBe(422);
        expect(answer.text).not.toContain('returnTo');
      }
    }
    // Nor where another stands beside the right one.
    expect((await look(`${app.query(client)}&redirect_uri=https://attacker.example/cb`)).status).toBe(422);
  });

  it('is none with an error either: the browser goes nowhere by itself', async () => {
    const client = await app.clientId({ redirect_uris: ['https://app.example/cb'] });
    const query = app.query(client, { redirect_uri: 'https://app.example/cb', response_type: 'token' });
    expect(await look(query)).toMatchObject({
      status: 200,
      body: {
        refused: {
          returnTo: expect.stringMatching(/^https:\/\/app\.example\/cb\?error=unsupported_response_type/),
        },
      },
    });
    const page = await server.send('GET', `/oauth/authorize?${query}`, undefined, { token: null });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.headers.location).toBeUndefined();
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://app.example/cb',
    'https://a@app.example/',
    'ms-word:x',
  ])('cannot be registered as %s', async (uri) => {
    expect(await app.register({ redirect_uris: [redirectUri, uri] })).toMatchObject(
      refused('invalid_redirect_uri'),
    );
  });
});

describe('PKCE', () => {
  it.each([
    { code_challenge: undefined },
    { code_challenge_method: undefined },
    { code_challenge_method: 'plain' },
    { code_challenge: 'short' },
    { code_challenge: '' },
  ])('cannot be left out or weakened by %j', async (over) => {
    const query = app.query(await app.clientId(), over);
    expect((await look(query)).body).toMatchObject({
      refused: { returnTo: expect.stringContaining('error=invalid_request') },
    });
    expect((await app.decide(query)).status).toBe(422);
  });

  it('keeps a code that was caught from being used by who caught it', async () => {
    for (const verifier of ['A'.repeat(43), app.challenge, 'short', ''] as const) {
      const client = await app.clientId();
      const code = app.codeOf(await app.decide(app.query(client)));
      const caught = await app.exchange(client, code, { code_verifier: verifier });
      expect(caught).toMatchObject(refused(verifier === '' ? 'invalid_request' : 'invalid_grant'));
    }
  });
});

describe('a code', () => {
  it('that comes twice ends the tokens that it gave', async () => {
    const { client, code, ...tokens } = await app.signIn();
    expect(await isOut(tokens)).toBe(false);
    expect(await app.exchange(client, code)).toMatchObject(refused('invalid_grant'));
    expect(await isOut(tokens)).toBe(true);
    expect(await app.refresh(client, tokens.refresh_token)).toMatchObject(refused('invalid_grant'));
    expect(await lastAct()).toMatchObject({
      action: 'app.revoked',
      data: { why: expect.stringContaining('used before') },
    });
  });

  it('gives tokens to one of many that bring it at once, and then to nobody', async () => {
    const client = await app.clientId();
    const code = app.codeOf(await app.decide(app.query(client)));
    const answers = await Promise.all([1, 2, 3, 4].map(() => app.exchange(client, code)));
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    expect(await isOut(given[0]?.body as Tokens)).toBe(true);
  });

  it('is no good with another program’s id, nor with another address (a stolen registration)', async () => {
    const [mine, other] = [await app.clientId(), await app.clientId({ client_name: 'Other' })];
    const code = async () => app.codeOf(await app.decide(app.query(mine)));
    expect(await app.exchange(other, await code())).toMatchObject(refused('invalid_grant'));
    expect(
      await app.exchange(mine, await code(), { redirect_uri: 'https://attacker.example/' }),
    ).toMatchObject(refused('invalid_grant'));
    // A registration is no secret. Who has it can have an answer sent to its own addresses alone.
    expect((await look(app.query(mine, { redirect_uri: 'https://attacker.example/' }))).status).toBe(422);
  });
});

describe('a refresh token', () => {
  it('that is used again later ends all of its line', async () => {
    const { client, ...first } = await app.signIn();
    const second = (await app.refresh(client, first.refresh_token)).body as Tokens;
    const third = (await app.refresh(client, second.refresh_token)).body as Tokens;
    expect(await app.refresh(client, first.refresh_token)).toMatchObject(refused('invalid_grant'));
    for (const tokens of [first, second, third]) expect(await isOut(tokens)).toBe(true);
    expect(await app.refresh(client, third.refresh_token)).toMatchObject(refused('invalid_grant'));
    expect(await lastAct()).toMatchObject({ data: { why: 'a refresh token was used twice' } });
  });

  it('is no good in the hands of another program, and ends with that', async () => {
    const { refresh_token: token, ...rest } = await app.signIn();
    const other = await app.clientId({ client_name: 'Other' });
    expect((await app.form('/oauth/revoke', { token, client_id: other })).status).toBe(200);
    expect(await isOut(rest)).toBe(false);
    expect(await app.refresh(other, token)).toMatchObject(refused('invalid_grant'));
    expect(await isOut(rest)).toBe(true);
  });
});

describe('a confused resource', () => {
  it('is refused where it is asked for, and where tokens are', async () => {
    const client = await app.clientId();
    for (const resource of [
      'https://elsewhere.example/mcp',
      `${issuer}/api/v1`,
      `${issuer}/mcp/`,
      `${issuer}/`,
    ])
      expect((await look(app.query(client, { resource }))).body).toMatchObject({
        refused: { returnTo: expect.stringContaining('error=invalid_target') },
      });
    const tokens = await app.signIn();
    expect(
      await app.refresh(tokens.client, tokens.refresh_token, { resource: 'https://elsewhere.example/mcp' }),
    ).toMatchObject(refused('invalid_target'));
    // The program lost nothing by it.
    expect((await app.refresh(tokens.client, tokens.refresh_token)).status).toBe(200);
  });
});

describe('a page of another site', () => {
  const asSession = async (url: string, body: object, headers: Record<string, string>) => {
    const { value } = await createSession(server.db);
    const cookie = `${sessionCookie}=${value}`;
    return server.send('POST', url, body, { token: null, headers: { cookie, ...headers } });
  };

  it('cannot consent in the owner’s name', async () => {
    const query = app.query(await app.clientId());
    const body = { query, decision: 'allow' };
    for (const headers of [
      { origin: 'https://attacker.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'http://127.0.0.1:9999', 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
      {},
    ] as Record<string, string>[])
      expect((await asSession('/api/v1/apps/decide', body, headers)).status).toBe(403);
    // Nor by a form, which no browser asks about before it sends it.
    const form = { ...{ origin: issuer, 'sec-fetch-site': 'same-origin' }, 'content-type': 'text/plain' };
    expect((await asSession('/api/v1/apps/decide', body, form)).status).toBe(415);
    const own = { origin: issuer, 'sec-fetch-site': 'same-origin' };
    expect((await asSession('/api/v1/apps/decide', body, own)).status).toBe(200);
    // Whoever is not signed in decides nothing, and a token that may not give everything neither.
    expect((await server.send('POST', '/api/v1/apps/decide', body, { token: null })).status).toBe(401);
    const admin = await server.token('admin', 'run', 'write');
    expect((await server.send('POST', '/api/v1/apps/decide', body, { token: admin })).status).toBe(403);
  });

  it('that has been open for long lets nobody in: that wants a fresh sign-in', async () => {
    const { value, principal } = await createSession(server.db);
    const row = await server.db.prisma.session.findUniqueOrThrow({ where: { id: principal.id } });
    const createdAt = new Date(Date.now() - 16 * 60_000);
    const mac = rowGuardOf(server.db.prisma).sign('sessions', { ...row, createdAt });
    await server.db.prisma.session.update({ where: { id: row.id }, data: { createdAt, mac } });
    const query = app.query(await app.clientId());
    const decide = (decision: string) =>
      server.send(
        'POST',
        '/api/v1/apps/decide',
        { query, decision },
        {
          token: null,
          headers: {
            cookie: `${sessionCookie}=${value}`,
            origin: issuer,
            'sec-fetch-site': 'same-origin',
          },
        },
      );
    expect(await decide('allow')).toMatchObject({ status: 403, body: { code: 'E_SIGN_IN_AGAIN' } });
    // To turn one away is always right.
    expect((await decide('deny')).status).toBe(200);
  });

  it('cannot frame the page where the owner decides', async () => {
    const { headers } = await server.send('GET', `/oauth/authorize?${app.query('x')}`, undefined, {
      token: null,
    });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-frame-options']).toBe('DENY');
  });

  it('that had its name point here (DNS rebinding) reaches neither /mcp nor the addresses of the sign-in', async () => {
    const { access_token: token, client } = await app.signIn();
    const rebound = { host: 'attacker.example', origin: 'http://attacker.example' };
    for (const [method, url] of [
      ['POST', '/mcp'],
      ['GET', '/.well-known/oauth-authorization-server'],
      ['POST', '/oauth/register'],
      ['GET', `/oauth/authorize?${app.query(client)}`],
    ] as const) {
      const answer = await server.send(method, url, method === 'POST' ? {} : undefined, {
        token,
        headers: rebound,
      });
      expect([url, answer.status]).toEqual([url, 403]);
    }
    const foreign = { origin: 'http://attacker.example', accept: 'application/json, text/event-stream' };
    expect((await server.send('POST', '/mcp', {}, { token, headers: foreign })).status).toBe(403);
  });
});

describe('a stranger', () => {
  it('fills no table by registering', async () => {
    const count = async () =>
      (
        await server.db.pool.query<{ n: string }>(
          'SELECT (SELECT count(*) FROM app_grants) + (SELECT count(*) FROM audit_inbox) AS n',
        )
      ).rows[0]?.n;
    const before = await count();
    for (let at = 0; at < 50; at += 1)
      expect((await app.register({ client_name: `Bot ${at}` })).status).toBe(201);
    expect(await count()).toBe(before);
  });

  it.each([
    [{ redirect_uris: [] }, 'invalid_redirect_uri'],
    [{ redirect_uris: null }, 'invalid_redirect_uri'],
    [{ redirect_uris: Array(11).fill(redirectUri) }, 'invalid_redirect_uri'],
    [
      { redirect_uris: Array.from({ length: 10 }, (_, at) => `https://a.example/${'x'.repeat(300)}${at}`) },
      'invalid_client_metadata',
    ],
    [{ grant_types: ['client_credentials'] }, 'invalid_client_metadata'],
  ])('cannot register %j', async (metadata, error) => {
    expect(await app.register(metadata)).toMatchObject(refused(error));
  });

  it.each(['', 'app.', 'app.e30', 'app.W10', 'https://', 'http://127.0.0.1/client.json', 'x'.repeat(5000)])(
    'is nobody by the client ID %j',
    async (client) => expect((await look(app.query(client))).status).toBe(422),
  );

  it.each([
    ['grant_type=password&client_id=x', 'unsupported_grant_type'],
    ['grant_type=authorization_code&client_id=x', 'invalid_request'],
    ['grant_type=authorization_code&client_id=x&code=a&code=b&code_verifier=c', 'invalid_request'],
    ['grant_type=refresh_token&client_id=x&refresh_token=y', 'invalid_grant'],
    ['grant_type=refresh_token&refresh_token=y', 'invalid_request'],
    ['', 'unsupported_grant_type'],
  ])('is given nothing for %j', async (form, error) => {
    expect(await app.form('/oauth/token', form)).toMatchObject(refused(error));
  });
});

describe('a document that says who a program is', () => {
  const at = (path: string, give: Parameters<typeof documents.set>[1]) => {
    documents.set(path, give);
    return `${origin}${path}`;
  };
  const saying = (path: string, over: object = {}) =>
    at(path, (end) =>
      end(
        200,
        JSON.stringify({
          ...{ client_id: `${origin}${path}`, client_name: 'Editor', redirect_uris: [redirectUri] },
          ...over,
        }),
      ),
    );

  it('is read, and named by its host', async () => {
    const client = saying('/good.json');
    expect((await look(app.query(client))).body).toMatchObject({
      name: 'Editor',
      publisher: new URL(origin).host,
    });
    const code = app.codeOf(await app.decide(app.query(client)));
    expect((await app.exchange(client, code)).status).toBe(200);
  });

  it('is read for the owner alone', async () => {
    let asked = 0;
    const client = at('/counted.json', (end) => {
      asked += 1;
      end(404, '');
    });
    for (const token of [null, await server.token('admin', 'run', 'read', 'write')])
      await server.send('POST', '/api/v1/apps/look', { query: app.query(client) }, { token });
    await server.send('GET', `/oauth/authorize?${app.query(client)}`, undefined, { token: null });
    await app.exchange(client, 'x');
    expect(asked).toBe(0);
  });

  it.each<[string, object, string]>([
    ['of another', { client_id: 'https://attacker.example/client.json' }, 'of another client_id'],
    ['with a secret', { client_secret: 's' }, 'client_secret'],
    ['that wants to prove itself', { token_endpoint_auth_method: 'private_key_jwt' }, 'by a key or a secret'],
    ['that sends elsewhere', { redirect_uris: ['https://attacker.example/'] }, 'not its own'],
    ['that sends to scripts', { redirect_uris: ['javascript:alert(1)'] }, 'not its own'],
    ['without addresses', { redirect_uris: [] }, 'redirect_uris'],
  ])('is not believed: one %s', async (name, over, why) => {
    const client = saying(`/${name.replaceAll(' ', '-')}.json`, over);
    for (const asked of [redirectUri, 'javascript:alert(1)']) {
      const answer = await look(app.query(client, { redirect_uri: asked }));
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining(why)]);
    }
  });

  it('is not followed elsewhere, and not read where it is huge, no JSON, or an error', async () => {
    const answers = {
      'HTTP 302': at('/moved.json', (end) => end(302, '', { location: `${origin}/good.json` })),
      '64 KiB': at('/huge.json', (end) => end(200, JSON.stringify({ client_name: 'x'.repeat(200_000) }))),
      'no JSON': at('/page.json', (end) => end(200, '<html>')),
      'HTTP 404': `${origin}/none.json`,
    };
    for (const [why, client] of Object.entries(answers)) {
      const answer = await look(app.query(client));
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining(why)]);
    }
  });

  it('is not waited for', async () => {
    let total: number | null | undefined;
    const fetch: Parameters<typeof readClientDocument>[0] = async (_url, _init, limits) => {
      total = limits?.totalTimeoutMs;
      throw new Error('slow');
    };
    await expect(readClientDocument(fetch, 'https://slow.example/client.json')).rejects.toMatchObject({
      code: 'E_CONNECTION_FAILED',
    });
    expect(total).toBeLessThanOrEqual(10_000);
  });

  it('takes nobody into a private network', async () => {
    const { fetch, close } = createGuardedFetch({
      allowPrivateNetwork: false,
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    try {
      for (const client of [
        'https://127.0.0.1/client.json',
        'https://rebound.example/client.json',
        'https://169.254.169.254/latest',
      ])
        await expect(readClientDocument(fetch, client)).rejects.toMatchObject({ code: 'E_ADDRESS_REFUSED' });
    } finally {
      await close();
    }
  });
});
