/** Who asks, as a proxy says it: believed of the proxies of the setting, of nobody else, and of nothing but the address. */
import { afterEach, describe, expect, it } from 'vitest';
import { createTestCore } from '../../../tests/helpers/core.ts';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { signInLinkSchema } from '../../contract/session.ts';

let server: TestServer;
afterEach(() => server.close());

async function listening(env: Record<string, string>): Promise<string> {
  server = await createTestServer({ env });
  return server.app.listen({ host: '127.0.0.1', port: 0 });
}

/** Sends a wrong code, as the proxy on this machine passes it on for `client`. */
const guess = async (address: string, client: string) => {
  const answer = await fetch(`${address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': client },
    body: JSON.stringify({ code: 'wrong' }),
  });
  return answer.status;
};

/** Uses up the wrong codes of one client, and tells how the next ones of others fare. */
async function afterTen(address: string, first: string, others: string[]): Promise<number[]> {
  for (let count = 0; count < 10; count++) expect(await guess(address, first)).toBe(401);
  expect(await guess(address, first)).toBe(429);
  const statuses: number[] = [];
  for (const other of others) statuses.push(await guess(address, other));
  return statuses;
}

describe('limits go by the address', () => {
  it('that a trusted proxy gives, so that nobody uses up what is another\u2019s', async () => {
    const address = await listening({ ALFRED_TRUSTED_PROXY: 'loopback' });
    // What the client itself claimed stands before what the proxy saw, and does not count.
    const others = ['203.0.113.8', '203.0.113.7', '198.51.100.1, 203.0.113.7', '2001:db8::1'];
    expect(await afterTen(address, '203.0.113.7', others)).toEqual([401, 429, 429, 401]);
  });

  it.each([
    ['without the setting', {}],
    ['where the setting names another', { ALFRED_TRUSTED_PROXY: '10.0.0.0/8, 2001:db8::/32' }],
  ])('that is connected, %s', async (_name, env) => {
    const address = await listening(env as Record<string, string>);
    expect(await afterTen(address, '203.0.113.7', ['203.0.113.8', '127.0.0.2'])).toEqual([429, 429]);
  });

  it('at Core in the same way', async () => {
    server = await createTestServer();
    const wrong = (url: string, client: string) =>
      fetch(`${url}/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': client },
        body: JSON.stringify({ login: 'nobody', password: 'wrong' }),
      }).then(({ status }) => status);
    for (const [trustedProxies, expected] of [
      [['127.0.0.1'], 401],
      [[], 429],
    ] as const) {
      const core = await createTestCore({ trustedProxies, attemptsPerMinute: 1 });
      try {
        expect(await wrong(core.url, '203.0.113.7')).toBe(401);
        expect(await wrong(core.url, '203.0.113.7')).toBe(429);
        expect(await wrong(core.url, '203.0.113.8')).toBe(expected);
      } finally {
        await core.close();
      }
    }
  });
});

describe('of a trusted proxy nothing else is believed', () => {
  const env = { ALFRED_TRUSTED_PROXY: 'loopback' };
  const lie = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };

  it('not the host that it was asked for', async () => {
    server = await createTestServer({ env });
    const lets = async (host: string, forwarded: string) =>
      (await server.send('GET', '/healthz', undefined, { headers: { host, 'x-forwarded-host': forwarded } }))
        .status;
    expect(await lets('evil.example', 'localhost')).toBe(403);
    expect(await lets('localhost', 'evil.example')).toBe(200);
    const { body } = await server.send('POST', '/api/v1/session/links', undefined, { headers: lie });
    expect(new URL(signInLinkSchema.parse(body).url).origin).toBe('http://127.0.0.1:4280');
  });

  it('not where a page is from, and not whether a cookie may travel in the open', async () => {
    server = await createTestServer({ env: { ...env, ALFRED_PUBLIC_URL: 'https://alfred.example' } });
    const { body } = await server.send('POST', '/api/v1/session/links');
    const code = new URL(signInLinkSchema.parse(body).url).hash.slice('#code='.length);
    const signIn = (headers: Record<string, string>) =>
      server.send('POST', '/api/v1/session', { code }, { token: null, headers });
    const foreign = await signIn({ host: 'alfred.example', origin: 'https://evil.example', ...lie });
    expect(foreign.status).toBe(403);
    const signedIn = await signIn({
      host: 'alfred.example',
      origin: 'https://alfred.example',
      'x-forwarded-host': 'localhost',
      'x-forwarded-proto': 'http',
    });
    expect(signedIn.status).toBe(200);
    expect(String(signedIn.headers['set-cookie'])).toMatch(/; Secure/);
  });

  it('but a page signs in where the proxy leaves the port of the public address out of Host', async () => {
    server = await createTestServer({ env: { ...env, ALFRED_PUBLIC_URL: 'https://alfred.example:8443' } });
    const { body } = await server.send('POST', '/api/v1/session/links');
    const code = new URL(signInLinkSchema.parse(body).url).hash.slice('#code='.length);
    const signIn = (origin: string) =>
      server.send(
        'POST',
        '/api/v1/session',
        { code },
        { token: null, headers: { host: 'alfred.example', origin } },
      );
    expect((await signIn('https://alfred.example')).status).toBe(403);
    expect((await signIn('https://alfred.example:8443')).status).toBe(200);
  });
});
