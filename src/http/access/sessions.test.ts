import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { sessionSchema, signInLinkSchema } from '../../contract/session.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const host = '127.0.0.1:4280';
const sameOrigin = { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };

const newCode = async () => {
  const answer = await server.send('POST', '/api/v1/session/links');
  expect(answer.status).toBe(201);
  const { url, expiresAt } = signInLinkSchema.parse(answer.body);
  return {
    url: new URL(url),
    code: new URLSearchParams(new URL(url).hash.slice(1)).get('code') ?? '',
    expiresAt,
  };
};
const signIn = (code: unknown, headers: Record<string, string> = sameOrigin, to = server) =>
  to.send('POST', '/api/v1/session', { code }, { token: null, headers });
const cookieOf = (answer: { headers: Record<string, unknown> }) => String(answer.headers['set-cookie']);
const withCookie = (
  method: string,
  url: string,
  cookie: string,
  headers: Record<string, string> = sameOrigin,
  body?: unknown,
) =>
  server.send(method, url, body, {
    token: null,
    headers: { cookie: cookie.split(';')[0] ?? '', ...headers },
  });

describe('a sign-in link', () => {
  it('lands on the page, its code where no server sees it', async () => {
    const { url, code, expiresAt } = await newCode();
    expect(url.href).toBe(`http://${host}/#code=${code}`);
    const minutes = (new Date(expiresAt).getTime() - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(13);
    expect(minutes).toBeLessThanOrEqual(15);
  });

  it('signs in once', async () => {
    const { code } = await newCode();
    const first = await signIn(code);
    expect(first.status).toBe(200);
    expect(sessionSchema.parse(first.body)).toMatchObject({ kind: 'session', actor: 'owner' });
    const again = await signIn(code);
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('signs in one of many at once', async () => {
    const small = await createTestServer();
    const { body } = await small.send('POST', '/api/v1/session/links');
    const code = new URL(signInLinkSchema.parse(body).url).hash.slice('#code='.length);
    const answers = await Promise.all(Array.from({ length: 8 }, () => signIn(code, sameOrigin, small)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await small.close();
  });

  it('ends after 15 minutes', async () => {
    const { code } = await newCode();
    await server.db.prisma.signInLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await signIn(code)).status).toBe(401);
  });

  it('is kept as a hash, and in no log', async () => {
    const { code } = await newCode();
    await signIn(code);
    const rows = await server.db.prisma.signInLink.findMany();
    expect(JSON.stringify([rows, server.logged])).not.toContain(code);
  });

  it('is not used up by whoever only looks at the page', async () => {
    const { code } = await newCode();
    await server.send('GET', '/', undefined, { token: null });
    await server.send('HEAD', `/?code=${code}`, undefined, { token: null });
    expect((await signIn(code)).status).toBe(200);
  });
});

describe('attempts to sign in', () => {
  it('with a wrong code are few and few are put on record, and keep nobody out who has a right one', async () => {
    const small = await createTestServer();
    const newRight = async () => {
      const { body } = await small.send('POST', '/api/v1/session/links');
      return new URL(signInLinkSchema.parse(body).url).hash.slice('#code='.length);
    };
    const statusOf = async (code: unknown) => (await signIn(code, sameOrigin, small)).status;
    // Right ones do not count, however many, and neither does what is no code at all.
    for (let count = 0; count < 12; count++) expect(await statusOf(await newRight())).toBe(200);
    for (const code of ['', 1, null, { $ne: 1 }]) expect(await statusOf(code)).toBe(422);
    const wrong = ['x', 'once_', `once_${'A'.repeat(43)}`, ...'abcdefg'];
    for (const code of wrong) expect(await statusOf(code)).toBe(401);
    const late = await signIn(`once_${'B'.repeat(43)}`, sameOrigin, small);
    expect(late).toMatchObject({ status: 429, body: { code: 'E_RATE_LIMITED' } });
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    const right = await newRight();
    expect(await statusOf(right)).toBe(200);
    // Used up, it is a wrong one.
    expect(await statusOf(right)).toBe(429);
    const failed = await small.db.prisma.auditInbox.count({ where: { action: 'sign_in.failed' } });
    expect(failed).toBe(wrong.length);
    await small.close();
  });

  it('from another site are refused', async () => {
    const { code } = await newCode();
    expect((await signIn(code, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await signIn(code, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await signIn(code, {})).status).toBe(200);
  });
});

describe('a session', () => {
  let cookie: string;
  beforeAll(async () => {
    await server.close();
    server = await createTestServer();
    cookie = cookieOf(await signIn((await newCode()).code));
  });

  it('is a host-only cookie that no script and no other site can use', () => {
    expect(cookie).toMatch(/^alfred_vm_session=s_[A-Za-z0-9_-]{43}; /);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).toMatch(/Path=\//);
    expect(cookie).not.toMatch(/Domain/i);
    expect(cookie).not.toMatch(/Secure/);
  });

  it('reads and writes for our own pages', async () => {
    expect((await withCookie('GET', '/api/v1/skills', cookie)).status).toBe(200);
    expect((await withCookie('GET', '/api/v1/skills', cookie, {})).status).toBe(200);
    expect((await withCookie('POST', '/api/v1/skills', cookie, sameOrigin, {})).status).toBe(422);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another port', { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-site' }],
    ['another port, in an old browser', { origin: 'http://127.0.0.1:3000' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['nobody knows where', {}],
  ])('writes nothing for %s', async (_who, headers) => {
    const { status, body } = await withCookie('POST', '/api/v1/skills', cookie, headers, {});
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'E_FORBIDDEN' });
  });

  it('is no bearer token, and a token is no session', async () => {
    const value = cookie.slice('alfred_vm_session='.length).split(';')[0] ?? '';
    expect((await server.send('GET', '/api/v1/skills', undefined, { token: value })).status).toBe(401);
    const token = await server.token('read');
    expect((await withCookie('GET', '/api/v1/skills', `alfred_vm_session=${token}`)).status).toBe(401);
  });

  it('ends with a sign-out, on the server too', async () => {
    const gone = await withCookie('DELETE', '/api/v1/session', cookie);
    expect(gone.status).toBe(204);
    expect(cookieOf(gone)).toMatch(/^alfred_vm_session=; .*(Max-Age=0|1970)/);
    expect((await withCookie('GET', '/api/v1/skills', cookie)).status).toBe(401);
  });

  it('ends in time', async () => {
    const late = cookieOf(await signIn((await newCode()).code));
    expect((await withCookie('GET', '/api/v1/session', late)).status).toBe(200);
    await server.db.prisma.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await withCookie('GET', '/api/v1/session', late)).status).toBe(401);
  });

  it('travels over TLS alone at a public address', async () => {
    const env = { ALFRED_PUBLIC_URL: 'https://alfred.example' };
    const open = await createTestServer({ env });
    const { body } = await open.send('POST', '/api/v1/session/links');
    const { url } = signInLinkSchema.parse(body);
    expect(url).toMatch(/^https:\/\/alfred\.example\/#code=/);
    const code = new URL(url).hash.slice('#code='.length);
    const headers = { host: 'alfred.example', origin: 'https://alfred.example' };
    const answer = await signIn(code, headers, open);
    expect(cookieOf(answer)).toMatch(/Secure/);
    expect(answer.headers['strict-transport-security']).toBeDefined();
    await open.close();
  });
});
