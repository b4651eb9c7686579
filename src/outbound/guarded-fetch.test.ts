/** The guarded fetch against real servers on this machine: redirects, credentials, limits, TLS, proxies. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Canary, startCanary } from '../../tests/helpers/canary.ts';
import { closedAfterEach } from '../../tests/helpers/closed-after-each.ts';
import { tlsIdentity } from '../../tests/helpers/tls-identity.ts';
import { AlfredError } from '../kernel/errors.ts';
import { readCapped } from './guard-body.ts';
import { createGuardedFetch, type GuardedFetchOptions } from './guarded-fetch.ts';

const opened = closedAfterEach();

async function serve(answer?: RequestListener): Promise<Canary> {
  const server = await startCanary(answer);
  opened.push(server);
  return server;
}

function client(options: Partial<GuardedFetchOptions> = {}) {
  const guarded = createGuardedFetch({ allowPrivateNetwork: true, ...options });
  opened.push(guarded);
  return guarded.fetch;
}

const secrets = {
  authorization: 'Bearer s3cret',
  cookie: 'session=s3cret',
  'x-api-key': 's3cret',
  'proxy-authorization': 'Basic s3cret',
};

describe('redirects', () => {
  it('keeps headers within an origin', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(307, { location: '/b' }).end();
      else response.end('there');
    });
    const response = await client()(`${server.url}/a`, { headers: secrets });
    expect(await response.text()).toBe('there');
    expect(response.url).toBe(`${server.url}/b`);
    expect(server.last().headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-api-key': 's3cret' });
  });

  it('drops every credential on the way to another origin, and does not take it up again', async () => {
    const home = await serve((request, response) => {
      if (request.url === '/start') response.writeHead(302, { location: `${away.url}/away` }).end();
      else response.end('back');
    });
    const away = await serve((_request, response) =>
      response.writeHead(302, { location: `${home.url}/back` }).end(),
    );
    await (await client()(`${home.url}/start`, { headers: { ...secrets, accept: 'text/plain' } })).text();
    for (const seen of [away.last(), home.last()]) {
      expect(JSON.stringify(seen)).not.toContain('s3cret');
      expect(seen.headers.accept).toBe('text/plain');
    }
  });

  it('turns POST into GET where the standard says so', async () => {
    const server = await serve((request, response) => {
      const status = Number(request.url?.slice(1));
      if (status > 0) response.writeHead(status, { location: '/0' }).end();
      else response.end();
    });
    const methods: Record<string, string> = {};
    for (const method of ['POST', 'PUT', 'HEAD']) {
      for (const status of [301, 302, 303, 307, 308]) {
        await client()(`${server.url}/${status}`, {
          method,
          ...(method === 'HEAD' ? {} : { body: '{"a":1}' }),
        });
        methods[`${method} ${status}`] = `${server.last().method} ${server.last().body}`.trim();
      }
    }
    expect(methods).toEqual({
      'POST 301': 'GET',
      'POST 302': 'GET',
      'POST 303': 'GET',
      'POST 307': 'POST {"a":1}',
      'POST 308': 'POST {"a":1}',
      'PUT 301': 'PUT {"a":1}',
      'PUT 302': 'PUT {"a":1}',
      'PUT 303': 'GET',
      'PUT 307': 'PUT {"a":1}',
      'PUT 308': 'PUT {"a":1}',
      'HEAD 301': 'HEAD',
      'HEAD 302': 'HEAD',
      'HEAD 303': 'HEAD',
      'HEAD 307': 'HEAD',
      'HEAD 308': 'HEAD',
    });
  });

  it('sends content and secrets in the URL to no other origin', async () => {
    const away = await serve();
    const home = await serve((request, response) => {
      const { search } = new URL(request.url ?? '', 'http://x');
      response.writeHead(request.method === 'POST' ? 308 : 302, { location: `${away.url}/${search}` }).end();
    });
    const fetch = client({ secrets: ['s3cret/+'] });
    await expect(fetch(home.url, { method: 'POST', body: 'mine' })).rejects.toMatchObject({
      code: 'E_ADDRESS_REFUSED',
      remedy: expect.stringContaining(away.url),
    });
    await expect(fetch(`${home.url}/?key=${encodeURIComponent('s3cret/+')}`)).rejects.toMatchObject({
      code: 'E_ADDRESS_REFUSED',
      message: expect.not.stringContaining('s3cret'),
    });
    expect(away.requests).toEqual([]);
  });

  it('follows five and not six, and leaves them alone when asked to', async () => {
    const server = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else response.end('end');
    });
    expect(await (await client()(`${server.url}/5`)).text()).toBe('end');
    await expect(client()(`${server.url}/6`)).rejects.toMatchObject({ code: 'E_CONNECTION_FAILED' });
    const manual = await client()(`${server.url}/5`, { redirect: 'manual' });
    expect([manual.status, manual.headers.get('location')]).toEqual([302, '/4']);
  });
});

describe('limits', () => {
  it('ends a body that is too large', async () => {
    const server = await serve((_request, response) => {
      response.write(Buffer.alloc(2_000_000));
    });
    const response = await client({ limits: { maxBytes: 1_000_000 } })(server.url);
    await expect(response.text()).rejects.toMatchObject({ code: 'E_TOO_LARGE' });
  });

  it('unpacks compressed bodies no further than the limit', async () => {
    const bomb = {
      gzip: gzipSync(Buffer.alloc(300_000_000), { level: 9 }),
      br: brotliCompressSync(Buffer.alloc(300_000_000)),
    };
    for (const [encoding, body] of Object.entries(bomb)) {
      const server = await serve((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(body);
      });
      const before = process.memoryUsage.rss();
      const response = await client({ limits: { maxBytes: 5_000_000 } })(server.url);
      await expect(response.arrayBuffer()).rejects.toMatchObject({ code: 'E_TOO_LARGE' });
      expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
    }
  });

  it('hands compressed bodies on unpacked', async () => {
    const server = await serve((_request, response) => {
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' })
        .end(gzipSync('hello'));
    });
    const response = await client()(server.url);
    expect([await response.text(), response.headers.get('content-encoding')]).toEqual(['hello', null]);
  });

  it('reads the start of a body and lets go of the rest', async () => {
    const server = await serve((_request, response) => {
      response.write('x'.repeat(100_000));
    });
    const { bytes, truncated } = await readCapped(await client()(server.url), 1_000);
    expect([bytes.length, truncated]).toEqual([1_000, true]);
  });

  it('bounds one event of a stream, not the stream', async () => {
    const event = `data: ${'x'.repeat(600)}\n\n`;
    const server = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (request.url === '/many') response.end(event.repeat(50));
      else response.write(`data: ${'x'.repeat(5_000)}`);
    });
    const fetch = client({ limits: { maxBytes: 1_000 } });
    expect((await (await fetch(`${server.url}/many`)).text()).length).toBe(event.length * 50);
    await expect((await fetch(`${server.url}/endless`)).text()).rejects.toMatchObject({
      code: 'E_TOO_LARGE',
    });
  });

  it('waits for headers, for the next byte, and for the end only so long', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/silent') return;
      response.writeHead(200).write('start');
      if (request.url === '/trickle') {
        const timer = setInterval(() => response.write('.'), 20);
        response.on('close', () => clearInterval(timer));
      }
    });
    const timeout = { code: 'E_CONNECTION_TIMEOUT' };
    await expect(client({ limits: { headersTimeoutMs: 100 } })(`${server.url}/silent`)).rejects.toMatchObject(
      timeout,
    );
    const stalled = await client({ limits: { idleTimeoutMs: 100 } })(`${server.url}/stall`);
    await expect(stalled.text()).rejects.toMatchObject(timeout);
    const trickling = await client({ limits: { totalTimeoutMs: 200 } })(`${server.url}/trickle`);
    await expect(trickling.text()).rejects.toMatchObject(timeout);
  });

  it("ends with the caller's own reason when the caller has had enough", async () => {
    const server = await serve(() => undefined);
    const reason = new AlfredError('E_CANCELLED', 'Stopped by the owner');
    const controller = new AbortController();
    const pending = client()(server.url, { signal: controller.signal });
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });

  it('refuses too large headers', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'x-big': 'x'.repeat(100_000) }).end(),
    );
    await expect(client()(server.url)).rejects.toMatchObject({ code: 'E_CONNECTION_FAILED' });
  });
});

describe('failures', () => {
  it('says in words what went wrong, and never quotes a path or query', async () => {
    const server = await serve((request, response) => {
      if (request.url?.startsWith('/reset')) response.socket?.destroy();
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip');
    });
    const gone = await startCanary();
    await gone.close();
    const path = '/bot-s3cret?key=s3cret';
    const failures = await Promise.all([
      client()(`${gone.url}${path}`).catch((error: unknown) => error),
      client()(`${server.url}/reset${path}`).catch((error: unknown) => error),
      client()(`${server.url}${path}`)
        .then((response) => response.text())
        .catch((error: unknown) => error),
      client({ resolve: async () => [] })(`http://nowhere.test${path}`).catch((error: unknown) => error),
      client()(`https://127.0.0.1:${server.port}${path}`).catch((error: unknown) => error),
      client()(`not a url ${path}`).catch((error: unknown) => error),
      client()(`http://127.0.0.1:6000${path}`).catch((error: unknown) => error),
    ]);
    expect(failures.map((error) => (error instanceof AlfredError ? error.message : error))).toEqual([
      `${gone.url} refuses the connection`,
      `${server.url} closed the connection before it had answered`,
      expect.stringContaining('broken compressed body'),
      'No address is known for http://nowhere.test',
      expect.stringMatching(/does not answer in HTTP|failed/),
      'This is not a URL',
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:6000 is not asked: no HTTP is spoken to that port/),
    ]);
    for (const error of failures)
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cret');
  });

  it('refuses header values that would split a request', async () => {
    const server = await serve();
    await expect(client()(server.url, { headers: { 'x-a': 'b\r\nx-evil: 1' } })).rejects.toThrow();
    expect(server.requests).toEqual([]);
  });
});

describe('TLS', () => {
  it('verifies the name in the URL at the address that was checked', async () => {
    const names: (string | false | undefined)[] = [];
    const server = createTlsServer(
      { key: tlsIdentity.key, cert: tlsIdentity.certificate },
      (request, response) => {
        names.push(
          'servername' in request.socket ? (request.socket.servername as string | false) : undefined,
        );
        response.end('secure');
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const trusting = client({ resolve, ca: tlsIdentity.certificate });
    expect(await (await trusting(`https://${tlsIdentity.host}:${port}/`)).text()).toBe('secure');
    expect(names).toEqual([tlsIdentity.host]);
    for (const [fetch, host] of [
      [trusting, 'other.example.test'],
      [client({ resolve }), tlsIdentity.host],
    ] as const) {
      await expect(fetch(`https://${host}:${port}/`)).rejects.toMatchObject({
        code: 'E_CONNECTION_FAILED',
        message: expect.stringContaining('certificate'),
      });
    }
    server.closeAllConnections();
    server.close();
  });
});

describe('proxies', () => {
  it('takes none from the environment by itself: those of the machine are given to it', async () => {
    const proxy = await serve();
    const server = await serve();
    const module = new URL('./guarded-fetch.ts', import.meta.url).href;
    const program = `import { createGuardedFetch } from ${JSON.stringify(module)};
      const guarded = createGuardedFetch({ allowPrivateNetwork: true });
      console.log(await (await guarded.fetch(${JSON.stringify(server.url)})).text());
      await guarded.close();`;
    const environment = Object.fromEntries(
      ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'all_proxy'].map((name) => [name, proxy.url]),
    );
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...environment, NODE_USE_ENV_PROXY: '1', NO_PROXY: '' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
    await once(child, 'close');
    expect([output.trim(), proxy.connections()]).toEqual(['reached', 0]);
  });
});
