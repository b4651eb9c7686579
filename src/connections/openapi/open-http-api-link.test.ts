/** Links to HTTP APIs against real servers on this machine: auth, tokens, retries, answers, failures. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Canary } from '../../../tests/helpers/canary.ts';
import { closedAfterEach } from '../../../tests/helpers/closed-after-each.ts';
import { type Answer, json, startApi } from '../../../tests/helpers/json-api.ts';
import { httpApiConfigSchema } from '../../contract/http-connections.ts';
import type { HttpApiLink } from './http-api-link.ts';
import { ApiCache, type HttpApiRequest, openHttpApiLink } from './open-http-api-link.ts';

const opened = closedAfterEach();

async function api(routes: Record<string, Answer>): Promise<Canary> {
  const server = await startApi(routes);
  opened.push(server);
  return server;
}

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'alfred-api-'));
  opened.push({ close: () => rm(made, { recursive: true, force: true }) });
  return made;
}

const registered: [string, string][] = [];

async function openLink(
  config: Record<string, unknown>,
  rest: Partial<HttpApiRequest> = {},
): Promise<HttpApiLink> {
  registered.length = 0;
  const parsed = httpApiConfigSchema.parse({ allowPrivateNetwork: true, ...config });
  const headers = Object.fromEntries(
    Object.entries(parsed.headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.plain,
    ]),
  );
  const link = await openHttpApiLink({
    name: 'shop',
    config: { ...parsed, headers },
    home: '/nowhere/alfred',
    startTimeoutMs: 30_000,
    maxResultSize: 1_000_000,
    registerSecret: (field, value) => registered.push([field, value]),
    checkOrigin: () => {},
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
    retry: { attempts: 3, backoff: { baseMs: 10, capMs: 2_000 } },
    ...rest,
  });
  opened.push(link);
  return link;
}

const op = (name: string, method: string, at: string, rest: Record<string, unknown> = {}) => ({
  name,
  method,
  path: at,
  ...rest,
});
const get = (at: string) => [op('get', 'GET', at)];
const call = (
  link: HttpApiLink,
  tool = 'get',
  args: Record<string, unknown> = {},
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
) => link.callTool(tool, args, { timeoutMs: 20_000, ...options });
const texts = (result: Awaited<ReturnType<typeof call>>) =>
  result.content.map((one) => (one.type === 'text' ? one.text : one.type));

describe('the document', () => {
  const document = (server: string) => ({
    openapi: '3.1.0',
    info: { title: 'Shop', version: '3' },
    servers: [{ url: server }],
    paths: {
      '/items/{id}': {
        get: {
          operationId: 'getItem',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
          responses: {},
        },
      },
    },
  });

  it('by address makes tools whose calls get true answers', async () => {
    const server = await api({
      'GET /docs/openapi.json': (_request, response) =>
        response.writeHead(302, { location: '/v2/openapi.json' }).end(),
      'GET /v2/openapi.json': (_request, response) => json(response, document('../api')),
      'GET /api/items/7': (_request, response) => json(response, { id: 7, name: 'lamp' }),
    });
    const link = await openLink({ openapi: `${server.url}/docs/openapi.json` });
    expect(link.server).toEqual({ name: 'Shop', version: '3' });
    expect((await link.listTools()).map(({ name }) => name)).toEqual(['getItem']);
    expect(await call(link, 'getItem', { id: 7 })).toEqual({
      content: [{ type: 'text', text: '{"id":7,"name":"lamp"}' }],
      structuredContent: { id: 7, name: 'lamp' },
    });
  });

  it('from a file, as text and as data makes the same tools', async () => {
    const home = await folder();
    const file = path.join(home, 'api.json');
    const data = document('https://api.test');
    await writeFile(file, JSON.stringify(data));
    const lists = await Promise.all(
      [file, { file }, JSON.stringify(data), { document: JSON.stringify(data) }, { document: data }].map(
        async (openapi) => (await openLink({ openapi })).listTools(),
      ),
    );
    for (const list of lists) expect(list).toEqual(lists[0]);
  });

  it("is read from no file of the VM's own, no link to one, and nothing but a file", async () => {
    const home = await folder();
    const outside = await folder();
    await writeFile(path.join(home, 'cli-token'), 's3cret');
    await symlink(path.join(home, 'cli-token'), path.join(outside, 'link.json'));
    for (const file of [
      path.join(home, 'cli-token'),
      path.join(outside, 'link.json'),
      '/dev/zero',
      outside,
      'relative.json',
      path.join(outside, 'none'),
    ]) {
      await expect(openLink({ openapi: { file } }, { home })).rejects.toMatchObject({
        code: 'E_VALIDATION',
        message: expect.not.stringContaining('s3cret'),
      });
    }
  });

  it('gets the credentials only at the address of the API itself', async () => {
    const own = await api({ 'GET /openapi.json': (_request, response) => json(response, document('/')) });
    const other = await api({ 'GET /openapi.json': (_request, response) => json(response, document('/')) });
    const auth = { type: 'bearer', token: 's3cret-token' };
    await openLink({
      openapi: `${own.url}/openapi.json`,
      baseUrl: own.url,
      auth,
      headers: { 'x-key': 's3cret-key' },
    });
    await openLink({
      openapi: `${other.url}/openapi.json`,
      baseUrl: own.url,
      auth,
      headers: { 'x-key': 's3cret-key' },
    });
    expect(own.last().headers).toMatchObject({ authorization: 'Bearer s3cret-token', 'x-key': 's3cret-key' });
    expect(JSON.stringify(other.last().headers)).not.toContain('s3cret');
  });

  it('that is missing, forbidden or endless is told apart', async () => {
    const server = await api({
      'GET /forbidden': (_request, response) => json(response, {}, 401),
      'GET /endless': (_request, response) => {
        response.writeHead(200);
        // Until whoever asked has gone: its worker has other files to test.
        const more = () => {
          if (!response.destroyed) response.write('x'.repeat(1 << 20), () => setImmediate(more));
        };
        more();
      },
      'GET /silent': () => undefined,
    });
    const outcome = (at: string, rest = {}) =>
      openLink({ openapi: server.url + at }, rest).catch((error: unknown) => error);
    expect(await outcome('/missing')).toMatchObject({
      code: 'E_CONNECTION_FAILED',
      message: expect.stringContaining('404'),
    });
    expect(await outcome('/forbidden')).toMatchObject({ code: 'E_NEEDS_LOGIN' });
    expect(await outcome('/endless')).toMatchObject({ code: 'E_TOO_LARGE' });
    expect(await outcome('/silent', { startTimeoutMs: 200 })).toMatchObject({ code: 'E_CONNECTION_TIMEOUT' });
    expect(await outcome('/silent', { signal: AbortSignal.timeout(100) })).toMatchObject({
      code: 'E_CANCELLED',
    });
    await expect(openLink({ openapi: `${server.url}/x`, allowPrivateNetwork: false })).rejects.toMatchObject({
      code: 'E_ADDRESS_REFUSED',
    });
  });

  it('is read again only when it changed, and kept when it cannot be had', async () => {
    let title = 'One';
    let status = 200;
    const server = await api({
      'GET /d': (_request, response) =>
        json(response, { ...document('/'), info: { title, version: '1' } }, status),
    });
    const cache = new ApiCache();
    const reopen = async () => (await openLink({ openapi: `${server.url}/d` }, { cache })).server.name;
    expect(await reopen()).toBe('One');
    const kept = cache.get('shop')?.api;
    expect(await reopen()).toBe('One');
    expect(cache.get('shop')?.api).toBe(kept);
    title = 'Two';
    expect(await reopen()).toBe('Two');
    status = 503;
    expect(await reopen()).toBe('Two');
  });
});

describe('auth', () => {
  const seenWith = async (config: Record<string, unknown>) => {
    const server = await api({ 'GET /a': (_request, response) => json(response, {}) });
    await call(await openLink({ baseUrl: server.url, operations: get('/a'), ...config }));
    return server.last();
  };

  it('is sent as bearer, basic, header or query, and fixed headers with it', async () => {
    expect((await seenWith({ auth: { type: 'bearer', token: 't' } })).headers.authorization).toBe('Bearer t');
    expect(
      (await seenWith({ auth: { type: 'basic', username: 'ü', password: 'p:w' } })).headers.authorization,
    ).toBe(`Basic ${Buffer.from('ü:p:w').toString('base64')}`);
    expect(registered).toEqual([['password', Buffer.from('ü:p:w').toString('base64')]]);
    expect((await seenWith({ auth: { type: 'header', name: 'X-Key', value: 'k' } })).headers['x-key']).toBe(
      'k',
    );
    expect((await seenWith({ auth: { type: 'query', name: 'api key', value: 'a&b' } })).url).toBe(
      '/a?api%20key=a%26b',
    );
    expect(
      (await seenWith({ headers: { 'X-Version': { plain: '7' }, 'x-secret': 's' } })).headers,
    ).toMatchObject({ 'x-version': '7', 'x-secret': 's' });
  });

  it('that is refused says so, and says nothing of the credential', async () => {
    const server = await api({
      'GET /a': (_request, response) => json(response, { message: 'bad key s3cret-value' }, 401),
    });
    const link = await openLink({
      baseUrl: server.url,
      operations: get('/a'),
      auth: { type: 'query', name: 'key', value: 's3cret-value' },
    });
    await expect(call(link)).rejects.toMatchObject({
      code: 'E_NEEDS_LOGIN',
      message: expect.not.stringContaining('s3cret'),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('never leaves the API with a redirect, in headers or in the URL', async () => {
    const away = await api({});
    const server = await api({
      'GET /a': (request, response) =>
        response.writeHead(302, { location: `${away.url}/x?${request.url?.split('?')[1] ?? ''}` }).end(),
    });
    const byHeader = await openLink({
      baseUrl: server.url,
      operations: get('/a'),
      auth: { type: 'bearer', token: 's3cret-value' },
      headers: { 'x-k': 's3cret-too' },
    });
    await call(byHeader);
    expect(JSON.stringify(away.last())).not.toContain('s3cret');
    const byQuery = await openLink({
      baseUrl: server.url,
      operations: get('/a'),
      auth: { type: 'query', name: 'k', value: 's3cret-value' },
    });
    await expect(call(byQuery)).rejects.toMatchObject({
      code: 'E_ADDRESS_REFUSED',
      message: expect.not.stringContaining('s3cret'),
    });
    expect(away.requests).toHaveLength(1);
  });
});

describe('OAuth 2.0 client credentials', () => {
  /** A token endpoint that gives `t1`, `t2` …, and an API that takes the newest alone. */
  async function authority(
    expiresIn: number | undefined,
    options: { refuse?: boolean; ignore?: boolean } = {},
  ) {
    let issued = 0;
    const server = await api({
      'POST /token': (_request, response) => {
        issued += 1;
        if (options.refuse)
          json(response, { error: 'invalid_client', error_description: 's3cret-client' }, 401);
        else
          json(response, {
            access_token: `token-number-${issued}`,
            token_type: 'Bearer',
            ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
          });
      },
      'GET /a': (request, response) => {
        const isRight = request.headers.authorization === `Bearer token-number-${issued}` && !options.ignore;
        json(response, { token: request.headers.authorization }, isRight ? 200 : 401);
      },
    });
    const auth = {
      type: 'oauth2ClientCredentials',
      tokenUrl: `${server.url}/token`,
      clientId: 'my id',
      clientSecret: 's3cret-client+/',
      scope: 'read write',
      audience: 'shop',
    };
    return {
      server,
      auth,
      tokens: () => server.requests.filter(({ url }) => url === '/token'),
      revoke: () => {
        issued += 1;
      },
    };
  }

  it('gets a token once, for many calls at once', async () => {
    const { server, auth, tokens } = await authority(3600);
    const link = await openLink({ baseUrl: server.url, operations: get('/a'), auth });
    await Promise.all([call(link), call(link), call(link)]);
    await call(link);
    expect(tokens()).toHaveLength(1);
    const [asked] = tokens();
    expect(asked?.body.toString()).toBe('grant_type=client_credentials&scope=read+write&audience=shop');
    expect(asked?.headers.authorization).toBe(
      `Basic ${Buffer.from('my+id:s3cret-client%2B%2F').toString('base64')}`,
    );
    expect(registered.map(([field]) => field)).toEqual(['clientSecret', 'accessToken']);
  });

  it('sends the client in the body where the endpoint wants it there', async () => {
    const { server, auth, tokens } = await authority(undefined);
    await call(
      await openLink({ baseUrl: server.url, operations: get('/a'), auth: { ...auth, send: 'body' } }),
    );
    const [asked] = tokens();
    expect([asked?.headers.authorization, asked?.body.toString()]).toEqual([
      undefined,
      expect.stringContaining('client_id=my+id&client_secret=s3cret-client%2B%2F'),
    ]);
  });

  it('renews a token before it ends', async () => {
    const { server, auth, tokens } = await authority(1);
    const link = await openLink({ baseUrl: server.url, operations: get('/a'), auth });
    await call(link);
    await new Promise((resolve) => setTimeout(resolve, 900));
    await call(link);
    expect(tokens()).toHaveLength(2);
  });

  it('renews a token that is refused, once', async () => {
    const { server, auth, tokens, revoke } = await authority(3600);
    const link = await openLink({ baseUrl: server.url, operations: get('/a'), auth });
    await call(link);
    revoke();
    const result = await call(link);
    expect([result.isError, tokens().length]).toEqual([undefined, 2]);
    const stubborn = await authority(3600, { ignore: true });
    const refused = await openLink({
      baseUrl: stubborn.server.url,
      operations: get('/a'),
      auth: stubborn.auth,
    });
    await expect(call(refused)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
    expect(stubborn.tokens()).toHaveLength(2);
  });

  it('says that the client is refused, and nothing of its secret', async () => {
    const { server, auth } = await authority(3600, { refuse: true });
    const link = await openLink({ baseUrl: server.url, operations: get('/a'), auth });
    await expect(call(link)).rejects.toMatchObject({
      code: 'E_NEEDS_LOGIN',
      message: `${server.url} refuses the client's credentials (invalid_client, HTTP 401)`,
    });
  });

  it('sends the client to no other address', async () => {
    const away = await api({});
    const server = await api({
      'POST /token': (_request, response) => response.writeHead(307, { location: `${away.url}/token` }).end(),
    });
    const link = await openLink({
      baseUrl: server.url,
      operations: get('/a'),
      auth: {
        type: 'oauth2ClientCredentials',
        tokenUrl: `${server.url}/token`,
        clientId: 'a',
        clientSecret: 'b',
      },
    });
    await expect(call(link)).rejects.toMatchObject({ code: 'E_CONNECTION_FAILED' });
    expect(away.requests).toEqual([]);
  });
});

describe('retries', () => {
  const flaky =
    (failures: number, status: number, headers: Record<string, string> = {}): Answer =>
    (_request, response, nth) =>
      json(response, { nth }, nth <= failures ? status : 200, nth <= failures ? headers : {});

  it('wait as long as the server asks, for any method', async () => {
    const server = await api({ 'POST /a': flaky(1, 429, { 'retry-after': '1' }) });
    const link = await openLink({ baseUrl: server.url, operations: [op('post', 'POST', '/a')] });
    const started = performance.now();
    expect((await call(link, 'post')).structuredContent).toEqual({ nth: 2 });
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  it('do not wait longer than makes sense, and say how long the server asks for', async () => {
    const server = await api({
      'GET /a': flaky(9, 429, { 'retry-after': '3600' }),
      'GET /b': (_request, response) =>
        json(response, {}, 503, { 'retry-after': new Date(Date.now() + 7_200_000).toUTCString() }),
    });
    const link = await openLink({ baseUrl: server.url, operations: [...get('/a'), op('b', 'GET', '/b')] });
    const result = await call(link);
    expect([result.isError, texts(result)]).toEqual([
      true,
      ['HTTP 429 Too Many Requests', '{"nth":1}', '[the API asks to wait 3600 s before the next call]'],
    ]);
    expect(texts(await call(link, 'b')).at(-1)).toMatch(/asks to wait (7199|7200) s/);
    expect(server.requests).toHaveLength(2);
  });

  it('repeat safe and idempotent methods, and no others', async () => {
    const counts: Record<string, number> = {};
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'POST', 'PATCH']) {
      const server = await api({ [`${method} /a`]: flaky(2, 503) });
      await call(await openLink({ baseUrl: server.url, operations: [op('it', method, '/a')] }), 'it');
      counts[method] = server.requests.length;
    }
    expect(counts).toEqual({ GET: 3, HEAD: 3, OPTIONS: 3, PUT: 3, DELETE: 3, POST: 1, PATCH: 1 });
  });

  it('repeat a safe request that was cut off, and not an unsafe one', async () => {
    const cut: Answer = (_request, response, nth) =>
      nth === 1 ? response.socket?.destroy() : json(response, { nth });
    const server = await api({ 'GET /a': cut, 'POST /a': cut });
    const link = await openLink({
      baseUrl: server.url,
      operations: [...get('/a'), op('post', 'POST', '/a')],
    });
    expect((await call(link)).structuredContent).toEqual({ nth: 2 });
    await expect(call(link, 'post')).rejects.toMatchObject({ code: 'E_CONNECTION_FAILED' });
    expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
  });

  it('end with the call', async () => {
    const server = await api({
      'GET /a': flaky(9, 503, { 'retry-after': '1' }),
      'GET /hang': () => undefined,
    });
    const link = await openLink({
      baseUrl: server.url,
      operations: [...get('/a'), op('hang', 'GET', '/hang')],
    });
    expect((await call(link, 'get', {}, { timeoutMs: 500 })).isError).toBe(true);
    await expect(call(link, 'hang', {}, { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'E_TOOL_TIMEOUT',
    });
    await expect(call(link, 'hang', {}, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      code: 'E_CANCELLED',
    });
    const pending = expect(call(link, 'hang')).rejects.toMatchObject({
      code: 'E_CONNECTION_FAILED',
      message: '"shop" was closed.',
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await link.close();
    await pending;
    expect((await link.ended).wasClosed).toBe(true);
    await expect(call(link)).rejects.toMatchObject({ message: '"shop" was closed.' });
  });
});

describe('answers', () => {
  const answer = async (
    headers: Record<string, string>,
    body: string | Buffer,
    status = 200,
    operation: Record<string, unknown> = {},
  ) => {
    const server = await api({
      'GET /a': (_request, response) => response.writeHead(status, headers).end(body),
    });
    const link = await openLink({ baseUrl: server.url, operations: [op('get', 'GET', '/a', operation)] });
    return call(link);
  };
  const jsonType = { 'content-type': 'application/json; charset=utf-8' };

  it('in JSON are data and text', async () => {
    expect(await answer(jsonType, '{"a":1}')).toEqual({
      content: [{ type: 'text', text: '{"a":1}' }],
      structuredContent: { a: 1 },
    });
    expect((await answer({ 'content-type': 'application/problem+json' }, '[1,2]')).structuredContent).toEqual(
      { result: [1, 2] },
    );
    expect((await answer({}, '{"a":1}')).structuredContent).toEqual({ a: 1 });
    expect(await answer(jsonType, '{"a":')).toEqual({ content: [{ type: 'text', text: '{"a":' }] });
  });

  it('say where the next page is, in arguments of the tool alone', async () => {
    const link =
      '<https://api.test/a?page=3&api_key=s3cret&per_page=50>; rel="next", <https://api.test/a?page=9>; rel="last"';
    const parameters = [{ name: 'page' }, { name: 'per_page' }];
    const result = await answer({ ...jsonType, link }, '[1]', 200, { parameters });
    expect(texts(result)).toEqual(['[1]', '[there is a next page: {"page":"3","per_page":"50"}]']);
    expect(result.structuredContent).toEqual({ result: [1], nextPage: { page: '3', per_page: '50' } });
    expect(
      JSON.stringify(
        await answer({ ...jsonType, link: '<https://api.test/a?page=9>; rel="prev"' }, '{}', 200, {
          parameters,
        }),
      ),
    ).not.toContain('page');
  });

  it('that are errors are marked, with status and text', async () => {
    expect(await answer(jsonType, '{"message":"no such item"}', 404)).toEqual({
      content: [
        { type: 'text', text: 'HTTP 404 Not Found' },
        { type: 'text', text: '{"message":"no such item"}' },
      ],
      isError: true,
    });
  });

  it('in text, XML and other character sets are text', async () => {
    expect(texts(await answer({ 'content-type': 'text/html' }, '<p>hi</p>'))).toEqual(['<p>hi</p>']);
    expect(texts(await answer({ 'content-type': 'application/xml' }, '<a/>'))).toEqual(['<a/>']);
    expect(
      texts(
        await answer({ 'content-type': 'text/plain; charset=iso-8859-1' }, Buffer.from('Köln', 'latin1')),
      ),
    ).toEqual(['Köln']);
    expect(texts(await answer({ 'content-type': 'text/plain; charset=nonsense' }, 'x'))).toEqual(['x']);
  });

  it('without a body say so', async () => {
    expect(texts(await answer({}, '', 204))).toEqual(['HTTP 204 No Content']);
  });

  it('that are pictures are pictures; other bytes are described', async () => {
    const bytes = Buffer.from([137, 80, 78, 71, 0, 255]);
    expect((await answer({ 'content-type': 'image/png' }, bytes)).content).toEqual([
      { type: 'image', data: bytes.toString('base64'), mimeType: 'image/png' },
    ]);
    expect(texts(await answer({ 'content-type': 'application/pdf' }, bytes))).toEqual([
      expect.stringMatching(/^\[application\/pdf, 6 bytes, SHA-256 [0-9a-f]{64}, not shown\]$/),
    ]);
    expect(texts(await answer({}, bytes))).toEqual(['[data without a content type, 6 bytes, not shown]']);
    expect(texts(await answer({ 'content-type': 'image/png' }, Buffer.alloc(5_000_000)))).toEqual([
      expect.stringContaining('not shown'),
    ]);
  });

  it('that are too large are cut, and say so', async () => {
    const result = await answer(jsonType, JSON.stringify({ a: 'x'.repeat(3_000_000) }));
    expect(result.structuredContent).toBeUndefined();
    expect(JSON.stringify(result).length).toBeLessThan(1_100_000);
    expect(texts(result)[0]).toContain('[cut');
  });

  it('that are nested without end stay text', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const result = await answer(jsonType, deep);
    expect([result.structuredContent, texts(result)[0]?.length]).toEqual([undefined, deep.length]);
  });
});
