/** The cookie of Core's own page: what a browser does with it, and what another site's page could try. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestCore, type TestCore } from '../../tests/helpers/core.ts';

const ada = { login: 'ada', password: 'password of ada' };
let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
  await core.user(ada.login, ada.password);
});
afterAll(() => core.close());

function ask(method: string, route: string, body?: unknown, headers: Record<string, string> = {}) {
  return fetch(new URL(route, core.url), {
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
async function cookieOf(body: unknown): Promise<string> {
  const answer = await ask('POST', '/v1/session/cookie', body);
  expect(answer.status).toBe(204);
  const [cookie = ''] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^alfred_core_session=core_[\w-]{43}; .*HttpOnly; SameSite=Strict$/);
  expect(cookie).not.toContain('Domain');
  return cookie.split(';')[0] ?? '';
}

it('signs a user in, who sees their own and is signed out again', async () => {
  const cookie = await cookieOf(ada);
  const session = await ask('GET', '/v1/session', undefined, { cookie });
  expect(await session.json()).toEqual({
    login: 'ada',
    role: null,
    isOperator: false,
    hasAccount: true,
    expiresAt: expect.any(String),
  });
  expect((await ask('GET', '/v1/users', undefined, { cookie })).status).toBe(403);
  const gone = await ask('DELETE', '/v1/session', undefined, { cookie });
  expect(gone.status).toBe(204);
  expect(gone.headers.getSetCookie()[0]).toMatch(/^alfred_core_session=;/);
  expect((await ask('GET', '/v1/session', undefined, { cookie })).status).toBe(401);
});

it('signs the operator in with a session of its own: the token itself is in no cookie, and outlives it', async () => {
  const cookie = await cookieOf({ operatorToken: core.adminToken });
  expect(cookie).not.toContain(core.adminToken);
  expect(await (await ask('GET', '/v1/session', undefined, { cookie })).json()).toMatchObject({
    login: null,
    isOperator: true,
  });
  expect((await ask('DELETE', '/v1/session', undefined, { cookie })).status).toBe(204);
  expect((await ask('GET', '/v1/users', undefined, { cookie })).status).toBe(401);
  expect((await core.send('GET', '/v1/users')).status).toBe(200);
});

it('takes no wrong word, and no user’s bearer for the operator’s token', async () => {
  const { bearer } = await core.user('eve');
  for (const body of [
    { ...ada, password: 'wrong' },
    { operatorToken: `core_${'a'.repeat(43)}` },
    { operatorToken: bearer.slice('Bearer '.length) },
  ]) {
    const answer = await ask('POST', '/v1/session/cookie', body);
    expect(answer.status).toBe(401);
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
  expect((await ask('POST', '/v1/session/cookie', { ...ada, operatorToken: 'x' })).status).toBe(422);
});

it('does nothing for the page of another site', async () => {
  const cookie = await cookieOf(ada);
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
  ]) {
    expect((await ask('POST', '/v1/session/cookie', ada, headers)).status).toBe(403);
    expect((await ask('POST', '/v1/enrollments', {}, { cookie, ...headers })).status).toBe(403);
    expect((await ask('GET', '/v1/fleet', undefined, { cookie, ...headers })).status).toBe(403);
  }
  // A program that says nothing of where it comes from has no cookie to bring.
  const silent = await core.send('POST', '/v1/session/cookie', ada, null);
  expect(silent.status).toBe(403);
});

it('serves the page with nothing in it, under a policy that lets no other script in', async () => {
  const page = await ask('GET', '/');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(await page.text()).toContain('<div id="root"></div>');
  expect((await ask('GET', '/assets/../index.html')).status).toBe(404);
  expect((await ask('GET', '/assets/%2e%2e%2findex.html')).status).toBe(404);
});
