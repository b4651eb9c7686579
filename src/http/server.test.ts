import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestAnswer, type TestServer } from '../../tests/helpers/http.ts';
import { problemSchema } from '../contract/errors.ts';
import { bodyLimit } from './json-body.ts';

let reason: (() => string | undefined) | undefined;
let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ notReady: () => reason?.() });
});
afterAll(() => server.close());

const skill = { slug: 'a', name: 'A', steps: [{ id: 1, prompt: 'Go.' }] };

function problem(answer: TestAnswer) {
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  const parsed = problemSchema.strict().parse(answer.body);
  expect(parsed.status).toBe(answer.status);
  return parsed;
}

describe('every error', () => {
  it.each([
    ['GET', '/nothing', undefined, 404, 'E_NOT_FOUND'],
    ['GET', '/api/v1/nothing', undefined, 404, 'E_NOT_FOUND'],
    ['GET', '/api/v1/skills/nobody', undefined, 404, 'E_NOT_FOUND'],
    ['GET', '/api/v1/skills/NOT%20A%20SLUG', undefined, 404, 'E_NOT_FOUND'],
    ['DELETE', '/api/v1/tokens/not-a-uuid', undefined, 404, 'E_NOT_FOUND'],
    ['PUT', '/api/v1/skills', {}, 405, 'E_METHOD_NOT_ALLOWED'],
    ['POST', '/healthz', {}, 405, 'E_METHOD_NOT_ALLOWED'],
    ['OPTIONS', '/api/v1/skills/a', undefined, 405, 'E_METHOD_NOT_ALLOWED'],
    ['POST', '/api/v1/skills', '{"slug":', 400, 'E_MALFORMED'],
    ['POST', '/api/v1/skills', `"${'x'.repeat(bodyLimit)}"`, 413, 'E_TOO_LARGE'],
    ['POST', '/api/v1/skills', {}, 422, 'E_VALIDATION'],
    ['POST', '/api/v1/skills', undefined, 422, 'E_VALIDATION'],
    ['POST', '/api/v1/skills', '', 422, 'E_VALIDATION'],
    ['POST', '/api/v1/skills', [skill], 422, 'E_VALIDATION'],
    ['GET', '/api/v1/skills?limit=many', undefined, 422, 'E_VALIDATION'],
    ['GET', '/api/v1/executions/export?Skill=bulk', undefined, 422, 'E_VALIDATION'],
    ['GET', '/api/v1/budget?of=today', undefined, 422, 'E_VALIDATION'],
    ['GET', '/api/v1/secret-uses?cursor=zzz', undefined, 422, 'E_VALIDATION'],
    ['GET', '/api/v1/skills?limit=201', undefined, 422, 'E_VALIDATION'],
    ['GET', '/api/v1/skills/%ZZ', undefined, 400, 'E_MALFORMED'],
    ['GET', '/api/v1/skills/a%00b', undefined, 400, 'E_MALFORMED'],
  ])('is problem details: %s %s', async (method, url, body, status, code) => {
    const answer = await server.send(method, url, body);
    expect({ status: answer.status, code: problem(answer).code }).toEqual({ status, code });
  });

  it('names the fields', async () => {
    const answer = await server.send('POST', '/api/v1/skills', {
      ...skill,
      slug: 'Bad Slug',
      steps: [{ id: 1 }],
    });
    expect(
      problem(answer)
        .errors?.map(({ field }) => field)
        .sort(),
    ).toEqual(['/slug', '/steps/0/prompt']);
  });

  it('says which methods there are', async () => {
    const { headers } = await server.send('PUT', '/api/v1/skills/a', {});
    expect(String(headers.allow).split(', ').sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH']);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
  ])('is 415 for a body of %s', async (type) => {
    const answer = await server.send('POST', '/api/v1/skills', '{}', { headers: { 'content-type': type } });
    expect(answer.status).toBe(415);
    expect(problem(answer).code).toBe('E_UNSUPPORTED_MEDIA');
  });

  it('keeps the inside of a bug to itself, and logs it once', async () => {
    reason = () => {
      throw new TypeError('the inside: password=hunter22');
    };
    server.logged.length = 0;
    const answer = await server.send('GET', '/readyz', undefined, { token: null });
    reason = undefined;
    expect(problem(answer).code).toBe('E_INTERNAL');
    expect(answer.text).not.toMatch(/inside: |hunter22|TypeError|\.ts/);
    const lines = server.logged.filter((line) => line.includes('the inside'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(String(answer.headers['x-request-id']));
    expect(problem(answer).instance).toBe(`urn:uuid:${answer.headers['x-request-id']}`);
  });

  it('is redacted, in every text of it', async () => {
    server.vault.redactor.register('github.token', 'ghp-1234567890');
    const read = await server.send('GET', '/api/v1/skills/ghp-1234567890');
    expect(problem(read).detail).toContain('[redacted:github.token]');
    const saved = await server.send('POST', '/api/v1/skills', {
      ...skill,
      'ghp-1234567890': 1,
      steps: [{ id: 1, prompt: 'Go.', allowedTools: ['mcp__ghp-1234567890__x'] }],
    });
    expect(saved.status).toBe(422);
    for (const answer of [read, saved]) expect(answer.text).not.toContain('ghp-1234567890');
  });
});

describe('health', () => {
  it('is open to anyone, also with a wrong token', async () => {
    for (const token of [null, 'nonsense']) {
      expect(await server.send('GET', '/healthz', undefined, { token })).toMatchObject({
        status: 200,
        body: { status: 'ok' },
      });
      expect(await server.send('GET', '/readyz', undefined, { token })).toMatchObject({
        status: 200,
        body: { status: 'ready', version: '0.0.0-test' },
      });
    }
  });

  it('says why it is not ready', async () => {
    reason = () => 'the migrations are still being applied';
    const answer = await server.send('GET', '/readyz', undefined, { token: null });
    reason = undefined;
    expect(problem(answer)).toMatchObject({
      code: 'E_NOT_READY',
      status: 503,
      detail: expect.stringContaining('migrations'),
    });
  });
});

describe('headers', () => {
  it('allow no inline script, no framing, no guessing of types, and say nothing of us', async () => {
    for (const url of ['/', '/healthz', '/nothing', '/api/v1/skills', '/api/v1/skills/%ZZ']) {
      const { headers } = await server.send('GET', url);
      expect(headers['x-powered-by']).toBeUndefined();
      if (url.endsWith('%ZZ')) continue; // refused before any hook runs
      const csp = String(headers['content-security-policy']);
      expect(csp).toContain("default-src 'none'");
      expect(csp).toContain("script-src 'self'");
      expect(csp).toContain("frame-ancestors 'none'");
      expect(csp).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await server.send('GET', '/api/v1/skills')).headers['cache-control']).toBe('no-store');
  });

  it('refuse a host name that is not ours, everywhere', async () => {
    for (const url of ['/', '/healthz', '/api/openapi.json', '/api/v1/skills', '/nothing']) {
      const answer = await server.send('GET', url, undefined, { headers: { host: 'evil.example:4280' } });
      expect(problem(answer)).toMatchObject({ status: 403, code: 'E_HOST_REFUSED' });
    }
  });
});

describe('the console', () => {
  it('is one document with no inline script or style but those that its policy names', async () => {
    const { text: html, headers } = await server.send('GET', '/', undefined, { token: null });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const inline = [...html.matchAll(/<(?:script|style)\b([^>]*)>(.*?)<\/(?:script|style)>/gs)];
    for (const [, attributes, content = ''] of inline) {
      expect(attributes).toBe('');
      const hash = createHash('sha256').update(content).digest('base64');
      expect(headers['content-security-policy']).toContain(`'sha256-${hash}'`);
    }
    const markup = inline.reduce((text, [element]) => text.replace(element, ''), html);
    expect(markup).not.toMatch(/<script|<style|\bon\w+=|\sstyle=/);
    expect(markup.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:\/\//);
    expect(headers['cache-control']).toBe('no-cache');
    const [, script = ''] = /data-scripts="([^" ]+)/.exec(html) ?? [];
    const file = await server.send('GET', script, undefined, { token: null });
    expect(file.status).toBe(200);
    expect(String(file.headers['content-type'])).toContain('text/javascript');
    expect(file.headers['cache-control']).toContain('immutable');
    expect((await server.send('GET', '/assets/nothing.js', undefined, { token: null })).status).toBe(404);
  });
});

describe('an address that is none', () => {
  const asBrowser = { token: null, headers: { accept: 'text/html,application/xhtml+xml' } };

  it('is a page of the console for who goes there in a browser', async () => {
    const { status, headers, text } = await server.send('GET', '/skils/morning', undefined, asBrowser);
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 404,
      type: 'text/html; charset=utf-8',
    });
    expect(text).toContain('id="root"');
  });

  it.each(['/api/v1/nothing', '/assets/nothing.js', '/hooks', '/mcp/x'])(
    'stays a problem at %s',
    async (url) => {
      expect(problem(await server.send('GET', url, undefined, asBrowser))).toMatchObject({ status: 404 });
    },
  );
});

describe('an answer', () => {
  it('that is long is compressed for who takes it, and is the same', async () => {
    const url = '/api/openapi.json';
    const plain = await server.app.inject({ url });
    expect(plain.headers).toMatchObject({ vary: expect.stringContaining('accept-encoding') });
    expect(plain.headers['content-encoding']).toBeUndefined();
    const small = await server.app.inject({ url, headers: { 'accept-encoding': 'br, gzip;q=0.5' } });
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(small.rawPayload.byteLength).toBeLessThan(plain.rawPayload.byteLength / 4);
    expect(gunzipSync(small.rawPayload).toString()).toBe(plain.payload);
    const refused = await server.app.inject({ url, headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });

  it('to HEAD takes nothing out: an export is on record when it was had', async () => {
    expect((await server.send('HEAD', '/api/v1/executions/export')).status).toBe(404);
    const { rows } = await server.db.pool.query(
      "SELECT FROM audit_inbox WHERE action = 'executions.exported'",
    );
    expect(rows).toEqual([]);
  });

  it('says that a compressed body is not read', async () => {
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const token = await server.token('write', 'admin', 'connections:approve');
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/v1/skills',
      headers: { ...headers, authorization: `Bearer ${token}`, host: '127.0.0.1' },
      payload: gzipSync(JSON.stringify(skill)),
    });
    expect([answer.statusCode, answer.json().code]).toEqual([415, 'E_UNSUPPORTED_MEDIA']);
  });
});

describe('limits', () => {
  it('hold for one address, and not for health', async () => {
    const small = await createTestServer({ requestsPerMinute: 5 });
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) statuses.push((await small.send('GET', '/api/v1/skills')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    const refused = await small.send('GET', '/api/v1/skills');
    expect(problem(refused).code).toBe('E_RATE_LIMITED');
    expect(refused.headers['retry-after']).toBeDefined();
    expect((await small.send('GET', '/healthz')).status).toBe(200);
    await small.close();
  });
});

describe('a broken request', () => {
  const raw = async (sent: string): Promise<string> => {
    const address = server.app.server.address();
    if (address === null || typeof address === 'string') throw new Error('The server does not listen');
    const socket = connect(address.port, '127.0.0.1');
    socket.write(sent);
    return text(socket);
  };
  beforeAll(() => server.app.listen({ host: '127.0.0.1', port: 0 }));

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
      400,
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx',
      400,
    ],
    ['endless headers', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('is answered and cut off: %s', async (_what, sent, status) => {
    const answer = await raw(sent);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    expect(problemSchema.parse(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).status).toBe(status);
  });

  it('that never ends is cut off, and holds up nobody', async () => {
    const impatient = await createTestServer({ timeouts: { headers: 300, request: 600 } });
    const url = new URL(await impatient.app.listen({ host: '127.0.0.1', port: 0 }));
    const bearer = await impatient.token('write');
    const head = `POST /api/v1/skills HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${bearer}\r\n`;
    const slow = [head, `${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"code":`];
    const sockets = Array.from({ length: 100 }, (_, index) => {
      const socket = connect(Number(url.port), '127.0.0.1');
      socket.write(slow[index % slow.length] ?? '');
      return text(socket);
    });
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);
    for (const answer of await Promise.all(sockets)) expect(answer).toMatch(/^HTTP\/1.1 408 /);
    await impatient.close();
  });

  it('without a host is refused', async () => {
    expect(await raw('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 403 /);
    const answer = await raw('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).toContain('E_HOST_REFUSED');
  });

  it('that expects what there is not is told so', async () => {
    const answer = await raw('GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: a miracle\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 417 /);
    expect(answer).toContain('application/problem+json');
  });
});
