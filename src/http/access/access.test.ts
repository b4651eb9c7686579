/** Every route, every method: without credentials and with wrong ones. What each scope opens: tests/scopes.test.ts. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { scopes } from '../../contract/common.ts';
import { consoleFiles, consolePages } from '../../contract/pages.ts';
import { newId } from '../../kernel/ids.ts';
import { policy } from './policy.ts';
import { createSession } from './sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ withQueue: true });
});
afterAll(() => server.close());

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Routes as the policy has them, with something in place of every parameter. */
const routes = Object.entries(policy).map(([route, access]) => {
  const [method = '', pattern = ''] = route.split(' ');
  const url = pattern
    .replace(/^(\/api\/v1\/(?:tokens|apps|executions)\/):id/, `$1${newId()}`)
    .replace(':version', '1')
    .replace(':key', 'no_such_entry')
    .replace(/:\w+/g, 'nobody');
  return { method, pattern, url, access };
});

/** Whether some route answers: `/skills/import` is also a skill's own address, where another method is asked for. */
const has = (method: string, url: string) =>
  routes.some(
    (route) =>
      route.method === (method === 'HEAD' ? 'GET' : method) &&
      new RegExp(`^${route.pattern.replaceAll('.', String.raw`\.`).replace(/:\w+/g, '[^/]+')}$`).test(url),
  );

/** A body that nothing accepts, so that a request that got through changes nothing. */
const send = (method: string, url: string, token: string | null) =>
  server.send(method, url, ['POST', 'PUT', 'PATCH'].includes(method) ? { nonsense: true } : undefined, {
    token,
  });

describe('without credentials', () => {
  it('nothing is open but the public routes', async () => {
    const open: string[] = [];
    for (const { pattern, url } of routes) {
      for (const method of methods) {
        const { status } = await send(method, url, null);
        if (!has(method, url)) expect(`${method} ${pattern} ${status}`).toBe(`${method} ${pattern} 405`);
        else if (status !== 401) open.push(`${method} ${pattern}`);
      }
    }
    expect([...new Set(open)].filter((route) => !route.startsWith('HEAD ')).sort()).toEqual(
      [
        ...consolePages.map((url) => `GET ${url}`),
        'GET /api/openapi.json',
        'GET /assets/:file',
        'GET /healthz',
        ...consoleFiles.map((url) => `GET ${url}`),
        // Who asks for a sign-in elsewhere shows itself there by this document; it holds nothing of the owner's.
        'GET /oauth/client.json',
        // How programs find out where to sign in, register, and come for tokens: by codes and tokens of their own.
        'GET /.well-known/oauth-authorization-server',
        'GET /.well-known/oauth-protected-resource',
        'GET /.well-known/oauth-protected-resource/mcp',
        'POST /oauth/register',
        'POST /oauth/revoke',
        'POST /oauth/token',
        'GET /readyz',
        'POST /api/v1/session',
        // What the page that asks to sign in must know, and what a device is asked to sign.
        'GET /api/v1/session/ways',
        'POST /api/v1/session/challenge',
        // By the token of a link in a notice: that one call is shown and decided, and nothing else.
        'POST /api/v1/approval-links/decide',
        'POST /api/v1/approval-links/look',
        'GET /hooks/:slug',
        'POST /hooks/:slug',
      ].sort(),
    );
  });

  it('is said in the way that HTTP has for it', async () => {
    const { headers, body } = await send('GET', '/api/v1/skills', null);
    expect(headers['www-authenticate']).toMatch(/^Bearer/);
    expect(body).toMatchObject({ code: 'E_UNAUTHENTICATED' });
  });
});

describe('with a token that is no good', () => {
  const expired = async () => {
    const token = await server.token(...scopes);
    const tokenHash = createHash('sha256').update(token).digest();
    const data = { expiresAt: new Date(Date.now() - 1000) };
    await server.db.prisma.accessToken.update({ where: { tokenHash }, data });
    return token;
  };
  const revoked = async () => {
    const token = await server.token(...scopes);
    const tokenHash = createHash('sha256').update(token).digest();
    const { id } = await server.db.prisma.accessToken.findUniqueOrThrow({ where: { tokenHash } });
    expect((await server.send('DELETE', `/api/v1/tokens/${id}`)).status).toBe(204);
    return token;
  };

  it('nothing opens', async () => {
    const good = await server.token(...scopes);
    const hash = createHash('sha256').update(good).digest('hex');
    const session = await createSession(server.db);
    const garbage = [
      '',
      'x',
      'null',
      '%00',
      "' OR 1=1 --",
      'alfred_',
      `alfred_${'A'.repeat(43)}`,
      good.slice(0, -1),
      `${good}A`,
      good.toUpperCase(),
      hash,
      session.value,
      'eyJhbGciOiJub25lIn0.e30.',
      'A'.repeat(8000),
      await expired(),
      await revoked(),
    ];
    for (const token of garbage) {
      for (const { method, url, access } of routes.filter((route) => route.access !== 'public')) {
        const { status } = await send(method, url, token);
        expect(`${method} ${url} (${access}) ${token.slice(0, 20)}: ${status}`).toMatch(/: 401$/);
      }
    }
  });

  it('no other scheme is one', async () => {
    const good = await server.token(...scopes);
    const headers = [
      `Basic ${Buffer.from(`owner:${good}`).toString('base64')}`,
      `Token ${good}`,
      good,
      `Bearer ${good} ${good}`,
      `Bearer ${good}, Bearer x`,
    ];
    for (const authorization of headers) {
      const { status } = await server.send('GET', '/api/v1/skills', undefined, {
        token: null,
        headers: { authorization },
      });
      expect(status).toBe(401);
    }
    for (const url of [`/api/v1/skills?access_token=${good}`, `/api/v1/skills?token=${good}`]) {
      expect((await server.send('GET', url, undefined, { token: null })).status).toBe(401);
    }
  });
});
