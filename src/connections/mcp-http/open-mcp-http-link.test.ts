/** MCP by HTTP against real servers: server-everything over both transports, the 2026 protocol, and one that misbehaves. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { startCanary } from '../../../tests/helpers/canary.ts';
import { closedAfterEach } from '../../../tests/helpers/closed-after-each.ts';
import { startEverything } from '../../../tests/helpers/mcp/everything-http.ts';
import { startModernHttp } from '../../../tests/helpers/mcp/modern-http.ts';
import { type ScriptedOptions, startScriptedHttp } from '../../../tests/helpers/mcp/scripted-http.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { LinkLogin } from '../login/link-login.ts';
import type { CallToolResult } from '../pool/link.ts';
import type { McpHttpLink } from './mcp-http-link.ts';
import { type McpHttpRequest, openMcpHttpLink } from './open-mcp-http-link.ts';

const opened = closedAfterEach();

const keep = <T extends { close: () => Promise<void> }>(one: T): T => {
  opened.push(one);
  return one;
};

async function scripted(options?: ScriptedOptions) {
  return keep(await startScriptedHttp(options));
}

type Options = Partial<Omit<McpHttpRequest, 'config'>> & { config?: Partial<McpHttpRequest['config']> };

async function open(url: string, { config, ...rest }: Options = {}) {
  const { link, verdict } = await openMcpHttpLink({
    name: 'tools',
    config: { url, headers: {}, secrets: {}, allowPrivateNetwork: true, ...config },
    startTimeoutMs: 20_000,
    maxMessageBytes: 4_000_000,
    maxResultSize: 1_000_000,
    redact: (text) => text.replaceAll('s3cret', '[redacted]'),
    redactValue: (value) => value,
    onToolsChanged: () => {},
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
    ...rest,
  });
  keep(link);
  return { link, verdict };
}

const failure = (promise: Promise<unknown>): Promise<AlfredError> =>
  promise.then(
    () => expect.fail('did not fail'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(AlfredError);
      return error as AlfredError;
    },
  );

const timeout = { timeoutMs: 20_000 };
const call = (link: McpHttpLink, tool = 'echo', args = {}, options = {}) =>
  link.callTool(tool, args, { ...timeout, ...options });
const textOf = ({ content: [first] }: CallToolResult) => (first?.type === 'text' ? first.text : undefined);
const names = async (link: McpHttpLink) => (await link.listTools(timeout)).map(({ name }) => name);

describe('real servers', () => {
  it('over streamable HTTP', async () => {
    const server = keep(await startEverything('streamableHttp'));
    const { link, verdict } = await open(server.url);
    expect(verdict).toEqual({ transport: 'streamable', prior: { kind: 'legacy' } });
    expect(link.server?.name).toContain('everything');
    expect(await names(link)).toContain('echo');
    expect(textOf(await call(link, 'echo', { message: 'hello' }))).toBe('Echo: hello');
    const progress: number[] = [];
    const long = await call(
      link,
      'trigger-long-running-operation',
      { duration: 0.4, steps: 2 },
      { onProgress: (one: { progress: number }) => progress.push(one.progress) },
    );
    expect([textOf(long)?.includes('completed'), progress]).toEqual([true, [1, 2]]);
    expect(
      (
        await failure(
          call(link, 'trigger-long-running-operation', { duration: 30, steps: 1 }, { timeoutMs: 300 }),
        )
      ).code,
    ).toBe('E_TOOL_TIMEOUT');
    expect(textOf(await call(link, 'echo', { message: 'still there' }))).toBe('Echo: still there');
  });

  it('over the older SSE, where a server speaks only that', async () => {
    const server = keep(await startEverything('sse'));
    const { link, verdict } = await open(server.url);
    expect(verdict).toEqual({ transport: 'sse' });
    expect(textOf(await call(link, 'echo', { message: 'hello' }))).toBe('Echo: hello');
    const again = await open(server.url, { verdict });
    expect(await names(again.link)).toContain('echo');
    await server.close();
    const end = await link.ended;
    expect([end.wasClosed, end.error.code]).toEqual([false, 'E_CONNECTION_FAILED']);
    expect((await failure(call(link))).message).toBe('"tools" has closed the connection.');
  });

  it('of the 2026 protocol, with arguments in headers and changes told', async () => {
    const server = keep(await startModernHttp());
    const changed = Promise.withResolvers<void>();
    const { link, verdict } = await open(server.mcp, { onToolsChanged: changed.resolve });
    expect(verdict).toMatchObject({ transport: 'streamable', prior: { kind: 'modern' } });
    expect(await names(link)).toEqual(['where']);
    expect(textOf(await call(link, 'where', { region: 'eu' }))).toBe('in eu');
    expect(
      server.requests.find(({ headers }) => headers['mcp-method'] === 'tools/call')?.headers[
        'mcp-param-region'
      ],
    ).toBe('eu');
    server.addTool();
    await changed.promise;
    expect(await names(link)).toEqual(['where', 'extra']);
    // The verdict spares the question which protocol it speaks.
    const before = server.requests.length;
    const again = await open(server.mcp, { verdict: JSON.parse(JSON.stringify(verdict)) });
    expect(await names(again.link)).toEqual(['where', 'extra']);
    expect(server.requests.slice(before).filter(({ body }) => body.includes('server/discover'))).toEqual([]);
  });
});

describe('sessions', () => {
  it.each([404, 400, 401, 410, 422, 500, 503, 200])(
    'that the server forgets (%i) are begun anew, and the call is made once',
    async (forgetsWith) => {
      const server = await scripted({ forgetsWith });
      const { link } = await open(server.mcp);
      expect(await names(link)).toEqual(['echo', 'other']);
      server.forgetSessions();
      const results = await Promise.all([call(link, 'echo', { a: 1 }), call(link, 'other', { b: 2 })]);
      expect(results.map(textOf)).toEqual(['echo {"a":1}', 'other {"b":2}']);
      expect(server.calls.toSorted()).toEqual(['echo', 'other']);
      expect(server.messages('initialize')).toHaveLength(2);
    },
  );

  it.each([401, 410, 422])(
    'that the server forgets without a word (%i) are begun anew, and the call is made once',
    async (forgetsWith) => {
      const server = await scripted({ forgetsWith, forgetsSilently: true });
      const { link } = await open(server.mcp);
      await names(link);
      server.forgetSessions();
      expect(textOf(await call(link, 'echo', { a: 1 }))).toEqual('echo {"a":1}');
      expect(server.messages('initialize')).toHaveLength(2);
    },
  );

  it.each([500, 503])(
    'that may be lost (%i) are begun anew by what follows; no call is made twice, and a list is',
    async (forgetsWith) => {
      const server = await scripted({ forgetsWith, forgetsSilently: true });
      const { link } = await open(server.mcp);
      await names(link);
      server.forgetSessions();
      const told = await failure(call(link));
      expect([told.code, told.message]).toEqual([
        'E_TOOL_FAILED',
        `"tools" answered echo with HTTP ${forgetsWith}.`,
      ]);
      expect(textOf(await call(link, 'echo', { a: 1 }))).toEqual('echo {"a":1}');
      server.forgetSessions();
      expect(await names(link)).toEqual(['echo', 'other']);
    },
  );

  it('go on where an answer in JSON is longer than an error', async () => {
    const server = await scripted();
    const { link } = await open(server.mcp);
    await names(link);
    const long = 'a'.repeat(200_000);
    expect(textOf(await call(link, 'echo', { long }))).toBe(`echo ${JSON.stringify({ long })}`);
    expect(server.messages('initialize')).toHaveLength(1);
  });

  it('of a server that refuses for another reason are begun anew once, and the status is told', async () => {
    let isBroken = false;
    const server = await scripted({
      intercept: (_seen, message, response) => {
        if (!isBroken || message.method !== 'tools/list') return false;
        response.writeHead(500).end();
        return true;
      },
    });
    const { link } = await open(server.mcp);
    await names(link);
    isBroken = true;
    expect(await failure(names(link))).toMatchObject({
      code: 'E_CONNECTION_FAILED',
      message: expect.stringContaining('HTTP 500'),
    });
    expect(server.messages('initialize')).toHaveLength(2);
  });

  it('of a server that came back with other tools are not used: the tools are looked at first', async () => {
    const server = await scripted();
    const { link } = await open(server.mcp);
    await names(link);
    server.tools.push('new');
    server.forgetSessions();
    expect((await failure(call(link))).message).toContain('other tools');
    expect(server.calls).toEqual([]);
    expect((await link.ended).wasClosed).toBe(false);
  });

  it('are ended when the link is closed', async () => {
    const server = await scripted();
    const { link } = await open(server.mcp);
    expect(server.sessions.size).toBe(1);
    await link.close();
    expect([server.sessions.size, server.last().method, (await link.ended).wasClosed]).toEqual([
      0,
      'DELETE',
      true,
    ]);
    expect((await failure(call(link))).message).toBe('"tools" was closed.');
  });

  it('follow the protocol version that was agreed on', async () => {
    const server = await scripted();
    const { link } = await open(server.mcp);
    await call(link);
    expect(
      server.requests.find(({ body }) => body.includes('tools/call'))?.headers['mcp-protocol-version'],
    ).toBe('2025-11-25');
  });

  it('of a server whose verdict is out of date are opened all the same', async () => {
    const server = await scripted();
    const { link, verdict } = await open(server.mcp, { verdict: { transport: 'sse' } });
    expect([verdict?.transport, textOf(await call(link))]).toEqual(['streamable', 'echo {}']);
  });
});

describe('changes', () => {
  it('of the tools are told, also after the stream was cut', async () => {
    const server = await scripted();
    const listening = async () => {
      while (server.listeners.size === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    let told = Promise.withResolvers<void>();
    await open(server.mcp, { onToolsChanged: () => told.resolve() });
    await listening();
    server.notify('notifications/tools/list_changed');
    await told.promise;
    told = Promise.withResolvers();
    for (const listener of server.listeners) listener.end();
    server.listeners.clear();
    await listening();
    server.notify('notifications/tools/list_changed');
    await told.promise;
  });
});

describe('logins', () => {
  const refusing = (status: number, headers: Record<string, string> = {}, method?: string) =>
    scripted({
      intercept: (seen, message, response) => {
        if (
          seen.headers.authorization === 'Bearer right' ||
          (method !== undefined && message.method !== method)
        )
          return false;
        response.writeHead(status, headers).end('s3cret words of the server');
        return true;
      },
    });

  it('that are missing are told apart from other failures', async () => {
    const cases: [number, Record<string, string>, string, RegExp][] = [
      [401, {}, 'E_NEEDS_LOGIN', /wants a login/],
      [
        401,
        { 'www-authenticate': 'Bearer resource_metadata="http://127.0.0.1:1/.well-known/x"' },
        'E_NEEDS_LOGIN',
        /wants a login/,
      ],
      [
        403,
        { 'www-authenticate': 'Bearer error="insufficient_scope", scope="files:write admin"' },
        'E_NEEDS_LOGIN',
        /more permissions.*files:write admin/,
      ],
      [403, {}, 'E_CONNECTION_FAILED', /HTTP 403/],
      [500, {}, 'E_CONNECTION_FAILED', /HTTP 500/],
      [404, {}, 'E_NOT_MCP', /no MCP server.*HTTP 404/],
      [
        302,
        { location: 'http://127.0.0.1:1/s3cret' },
        'E_CONNECTION_FAILED',
        /redirects to http:\/\/127\.0\.0\.1:1 \(HTTP 302\)/,
      ],
      ...[301, 302, 303].map((status): [number, Record<string, string>, string, RegExp] => [
        status,
        { location: '/v2/mcp?key=s3cret' },
        'E_CONNECTION_FAILED',
        new RegExp(`redirects to http://127\\.0\\.0\\.1:\\d+/v2/mcp \\(HTTP ${status}\\)`),
      ]),
      [308, { location: 'http://127.0.0.1:1/s3cret' }, 'E_CONNECTION_FAILED', /127\.0\.0\.1:1 \(HTTP 308\)/],
    ];
    for (const [status, headers, code, words] of cases) {
      const server = await refusing(status, headers);
      const error = await failure(open(server.mcp));
      expect([status, error.code, error.message]).toEqual([status, code, expect.stringMatching(words)]);
      expect(`${error.message} ${error.remedy}`).not.toContain('s3cret');
    }
  });

  it('are found missing by servers of the older kind too', async () => {
    for (const [status, code] of [
      [401, 'E_NEEDS_LOGIN'],
      [403, 'E_CONNECTION_FAILED'],
      [404, 'E_NOT_MCP'],
    ] as const) {
      const server = keep(
        await startCanary((request, response) =>
          response.writeHead(request.method === 'POST' ? 405 : status).end(),
        ),
      );
      expect((await failure(open(server.url))).code).toBe(code);
      expect((await failure(open(server.url, { verdict: { transport: 'sse' } }))).code).toBe(code);
    }
  });

  it('are found missing in the middle of a session too', async () => {
    const server = await refusing(401, {}, 'tools/call');
    const { link } = await open(server.mcp);
    expect((await failure(call(link))).code).toBe('E_NEEDS_LOGIN');
  });

  it('go with every request, as headers', async () => {
    const server = await refusing(401);
    const { link } = await open(server.mcp, {
      config: { headers: { Authorization: 'Bearer right', 'x-team': 'blue' } },
    });
    await call(link);
    await link.close();
    expect(
      new Set(server.requests.map(({ headers }) => `${headers.authorization} ${headers['x-team']}`)),
    ).toEqual(new Set(['Bearer right blue']));
  });

  it('are a token of the login where somebody signed in: the next one when it is refused, and one refusal more is the end', async () => {
    const server = await refusing(401);
    const asked: string[] = [];
    const login = (next: string): LinkLogin => ({
      token: async () => 'wrong',
      renewed: async (refused) => {
        asked.push(refused);
        return next;
      },
      noteChallenge: async () => {},
    });
    const { link } = await open(server.mcp, { login: login('right') });
    expect(textOf(await call(link))).toBe('echo {}');
    expect(new Set(asked)).toEqual(new Set(['wrong']));
    expect((await failure(open(server.mcp, { login: login('wrong') }))).code).toBe('E_NEEDS_LOGIN');
  });
});

describe('where requests go', () => {
  it('is the address with its secrets in place', async () => {
    const server = await scripted();
    const { link } = await open(`${server.mcp}?key=\${KEY}`, { config: { secrets: { KEY: 's3cret&/@x' } } });
    await call(link);
    expect(new Set(server.requests.map(({ url }) => url))).toEqual(new Set(['/mcp?key=s3cret%26%2F%40x']));
    const missing = await failure(open(`${server.mcp}/\${NONE}`));
    expect([missing.code, missing.fields?.[0]?.field]).toEqual(['E_VALIDATION', '/config/secrets/NONE']);
  });

  it('is never a private address that was not allowed, nor another origin', async () => {
    const server = await scripted();
    expect((await failure(open(server.mcp, { config: { allowPrivateNetwork: false } }))).code).toBe(
      'E_ADDRESS_REFUSED',
    );
    expect(server.connections()).toBe(0);
    const away = keep(await startCanary());
    const redirecting = keep(
      await startCanary((_request, response) =>
        response.writeHead(307, { location: `${away.url}/mcp` }).end(),
      ),
    );
    expect(
      (await failure(open(`${redirecting.url}/mcp`, { config: { headers: { 'x-key': 's3cret' } } }))).code,
    ).toBe('E_CONNECTION_FAILED');
    const elsewhere = keep(
      await startCanary((request, response) => {
        if (request.method === 'POST') response.writeHead(405).end();
        else
          response
            .writeHead(200, { 'content-type': 'text/event-stream' })
            .write(`event: endpoint\ndata: ${away.url}/message\n\n`);
      }),
    );
    expect((await failure(open(`${elsewhere.url}/sse`))).code).toBe('E_NOT_MCP');
    expect(away.connections()).toBe(0);
  });
});

describe('servers that misbehave', () => {
  const onCall = (
    answer: NonNullable<ScriptedOptions['intercept']>,
  ): Promise<Awaited<ReturnType<typeof scripted>>> =>
    scripted({
      intercept: (seen, message, response, server) =>
        message.method === 'tools/call' &&
        message.params?.name === 'echo' &&
        answer(seen, message, response, server),
    });

  it('are no MCP servers at all', async () => {
    const page = keep(
      await startCanary((_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<p>s3cret</p>'),
      ),
    );
    const json = keep(
      await startCanary((_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"hello":"s3cret"}'),
      ),
    );
    const gone = await startCanary();
    await gone.close();
    expect((await failure(open(page.url))).code).toBe('E_NOT_MCP');
    expect((await failure(open(json.url))).code).toBe('E_NOT_MCP');
    expect(await failure(open(gone.url))).toMatchObject({
      code: 'E_CONNECTION_FAILED',
      message: `${gone.url} refuses the connection`,
    });
  });

  it('do not answer', async () => {
    const silent = keep(await startCanary(() => undefined));
    expect((await failure(open(silent.url, { startTimeoutMs: 300 }))).code).toBe('E_CONNECTION_TIMEOUT');
    expect((await failure(open(silent.url, { signal: AbortSignal.timeout(200) }))).code).toBe('E_CANCELLED');
    const mute = keep(
      await startCanary((request, response) => {
        if (request.method === 'POST') response.writeHead(405).end();
        else response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      }),
    );
    expect((await failure(open(mute.url, { startTimeoutMs: 300 }))).code).toBe('E_CONNECTION_TIMEOUT');
  });

  it('let one call hang: it is given up with its request, and others go on', async () => {
    const aborted = Promise.withResolvers<void>();
    const server = await onCall((_seen, _message, response) => {
      response.on('close', () => aborted.resolve());
      return true;
    });
    const { link } = await open(server.mcp);
    expect((await failure(call(link, 'echo', {}, { timeoutMs: 200 }))).code).toBe('E_TOOL_TIMEOUT');
    await aborted.promise;
    expect(textOf(await call(link, 'other'))).toBe('other {}');
    const controller = new AbortController();
    const cancelled = failure(call(link, 'echo', {}, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    expect((await cancelled).code).toBe('E_CANCELLED');
  });

  it('answer too much, in JSON or as a stream', async () => {
    for (const type of ['application/json', 'text/event-stream']) {
      const server = await onCall((_seen, message, response) => {
        const answer = JSON.stringify({
          jsonrpc: '2.0',
          id: message.id,
          result: { content: [{ type: 'text', text: 'x'.repeat(300_000) }] },
        });
        response
          .writeHead(200, { 'content-type': type })
          .end(type === 'application/json' ? answer : `data: ${answer}\n\n`);
        return true;
      });
      const { link } = await open(server.mcp, { maxMessageBytes: 200_000 });
      expect(['E_TOOL_FAILED', 'E_TOO_LARGE']).toContain((await failure(call(link))).code);
      expect(textOf(await call(link, 'other'))).toBe('other {}');
    }
  });

  it('end a stream before its answer', async () => {
    const server = await onCall((_seen, _message, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': nothing\n\n');
      return true;
    });
    const { link } = await open(server.mcp);
    expect(await failure(call(link))).toMatchObject({
      code: 'E_TOOL_FAILED',
      message: expect.stringContaining('ended its answer before'),
    });
  });

  it('cut the connection in a call, which is not made twice', async () => {
    let cuts = 0;
    const server = await onCall((_seen, _message, response) => {
      cuts += 1;
      response.socket?.destroy();
      return true;
    });
    const { link } = await open(server.mcp);
    expect((await failure(call(link))).code).toBe('E_CONNECTION_FAILED');
    expect(cuts).toBe(1);
  });

  it('are busy for a moment', async () => {
    let busy = true;
    const server = await onCall((_seen, _message, response) => {
      if (!busy) return false;
      busy = false;
      response.writeHead(429, { 'retry-after': '1' }).end();
      return true;
    });
    const { link } = await open(server.mcp);
    expect(textOf(await call(link))).toBe('echo {}');
  });

  it('answer with what is no result', async () => {
    const bodies = [
      'null',
      '[]',
      '{"jsonrpc":"2.0"}',
      'not json s3cret',
      '{"jsonrpc":"2.0","id":"@","result":"s3cret"}',
    ];
    for (const body of bodies) {
      const server = await onCall((_seen, message, response) => {
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(body.replace('"@"', JSON.stringify(message.id)));
        return true;
      });
      const { link } = await open(server.mcp);
      const error = await failure(call(link, 'echo', {}, { timeoutMs: 500 }));
      expect([body, ['E_TOOL_FAILED', 'E_TOOL_TIMEOUT'].includes(error.code)]).toEqual([body, true]);
      expect(error.message).not.toContain('s3cret');
    }
  });
});

describe('servers of 2025 that know no other question than their own', () => {
  it.each<[string, ((response: ServerResponse) => unknown) | undefined]>([
    ['an error of theirs', (response) => response.writeHead(500).end('boom')],
    ['a page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    ['nothing', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end()],
    ['an end of the connection', (response) => response.destroy()],
    ['silence', undefined],
  ])('and answer that with %s', async (_what, answer) => {
    const server = await scripted({
      intercept(_seen, message, response) {
        if (message.method !== 'server/discover') return false;
        answer?.(response);
        return true;
      },
    });
    const { link, verdict } = await open(server.mcp, answer === undefined ? { startTimeoutMs: 3_000 } : {});
    expect([verdict, textOf(await call(link))]).toEqual([undefined, 'echo {}']);
    expect(server.messages('initialize')).toHaveLength(1);
  });
});

describe('lists and results that are nearly right', () => {
  it('are read tool by tool, block by block, and page by page', async () => {
    const pages = 70;
    const server = await scripted({
      intercept(_seen, message, response) {
        const reply = (result: unknown) =>
          response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
        if (message.method === 'tools/call') {
          reply({
            toolResult: { content: [{ type: 'text', text: 'old', annotations: null }], isError: true },
          });
          return true;
        }
        if (message.method !== 'tools/list') return false;
        const at = Number((message.params as { cursor?: string } | undefined)?.cursor ?? 0);
        const odd = [
          { name: 'odd', inputSchema: [] },
          { name: `t${at}`, title: null, description: null, inputSchema: {} },
        ];
        reply({ tools: at === 0 ? odd : odd.slice(1), nextCursor: at + 1 < pages ? String(at + 1) : null });
        return true;
      },
    });
    const { link } = await open(server.mcp);
    const tools = await link.listTools(timeout);
    expect(tools).toHaveLength(pages + 1);
    expect(tools.filter(({ unusable }) => unusable !== undefined).map(({ name }) => name)).toEqual(['odd']);
    expect(await call(link, 't1')).toMatchObject({ isError: true, content: [{ text: 'old' }] });
  });
});

describe('nothing is left behind', () => {
  it('when a link is closed while it begins a session anew, or after its session was forgotten', async () => {
    let isSilent = false;
    const asked = Promise.withResolvers<void>();
    const server = await scripted({
      intercept: (_seen, message) => {
        if (!isSilent || message.method !== 'initialize') return false;
        asked.resolve();
        return true;
      },
    });
    const { link } = await open(server.mcp);
    server.forgetSessions();
    isSilent = true;
    const pending = failure(call(link));
    await asked.promise;
    await link.close();
    expect(['E_CANCELLED', 'E_CONNECTION_FAILED']).toContain((await pending).code);
    isSilent = false;
    const other = await open(server.mcp);
    server.forgetSessions();
    await other.link.close();
    expect((await other.link.ended).wasClosed).toBe(true);
  });

  it('when a link is closed', async () => {
    const server = await scripted();
    const { link } = await open(server.mcp);
    await call(link);
    while (server.listeners.size === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const [listener] = server.listeners;
    const closed = listener && once(listener, 'close');
    await link.close();
    await closed;
    expect(server.listeners.size).toBe(0);
  });
});
