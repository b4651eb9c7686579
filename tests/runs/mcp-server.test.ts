/** The VM as an MCP server: real clients of both eras run its skills; the model is a scripted endpoint. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as FirstTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MessagesApi, startMessagesApi, userTextOf } from '../helpers/messages-api.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

let model: MessagesApi;
let vm: TestVm;
/** May run the one skill. */
let forOne: string;
/** May run any, and read. */
let forAll: string;

beforeAll(async () => {
  model = await startMessagesApi(({ body }) => ({ text: `Heard: ${userTextOf(body).split('\n')[0]}` }));
  vm = await startTestVm();
  for (const [key, value] of [
    ['model_base_url', model.url],
    ['anthropic_api_key', 'sk-ant-canary-8e1f70b2c5a94d36'],
    ['model', 'claude-sonnet-5-5'],
  ])
    expect((await vm.api('PUT', `/api/v1/config/${key}`, { value })).status).toBeLessThan(300);
  await skill('greet', 'Greet {{person}}');
  await skill('wait', 'Wait', { concurrency: 2 });
  await skill('draft', 'Never', { isActive: false });
  // A schema as the API takes it, which most clients refuse a whole list for.
  await skill('odd', 'Odd', {
    inputSchema: { properties: { a: { type: 'string', 'x-mcp-header': 'A' } } },
  });
  forOne = await token({ name: 'one', scopes: ['run'], skills: ['greet'] });
  forAll = await token({ name: 'all', scopes: ['run', 'read'] });
});
afterAll(async () => {
  await vm?.stop();
  await model?.close();
});

async function skill(slug: string, prompt: string, more: object = {}): Promise<void> {
  const body = {
    ...{ slug, name: slug, triggerType: 'manual', steps: [{ id: 1, prompt, allowedTools: [] }] },
    ...more,
  };
  expect(await vm.api('POST', '/api/v1/skills', body)).toMatchObject({ status: 201 });
}
async function token(body: object): Promise<string> {
  const made = await vm.api('POST', '/api/v1/tokens', body);
  expect(made.status).toBe(201);
  return (made.body as { token: string }).token;
}
const requestInit = (bearer: string) => ({ headers: { authorization: `Bearer ${bearer}` } });
const address = () => new URL('/mcp', vm.url);

/** As each client's `callTool` takes its options: the first SDK has a schema before them. */
type Call = (client: Client, name: string, args: object, options?: object) => ReturnType<Client['callTool']>;
const callBy: Call = (client, name, args, options = {}) =>
  (client as object) instanceof FirstClient
    ? client.callTool({ name, arguments: { ...args } }, ...([undefined, options] as never[]))
    : client.callTool({ name, arguments: { ...args } }, options);

/** The clients that people have: of the protocol of 2026, of the SDK's second version by default, and of its first. */
const clients = {
  async 'of 2026-07-28'(bearer: string) {
    const client = new Client(
      { name: 'modern', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    await client.connect(new StreamableHTTPClientTransport(address(), { requestInit: requestInit(bearer) }));
    return client;
  },
  async 'of 2025, by SDK v2'(bearer: string) {
    const client = new Client({ name: 'usual', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(address(), { requestInit: requestInit(bearer) }));
    return client;
  },
  async 'of 2025, by SDK v1'(bearer: string) {
    const client = new FirstClient({ name: 'first', version: '1' });
    const transport = new FirstTransport(address(), { requestInit: requestInit(bearer) });
    await client.connect(transport as never);
    return client as unknown as Client;
  },
};

describe.each(Object.entries(clients))('a client %s', (_name, connect) => {
  it('lists the skills that its token is for, and runs one with progress', async () => {
    const one = await connect(forOne);
    expect((await one.listTools()).tools.map(({ name }) => name)).toEqual(['greet', 'get_execution']);
    const all = await connect(forAll);
    const { tools } = await all.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['greet', 'odd', 'wait', 'get_execution']),
    );
    expect(tools.some(({ name }) => name === 'draft' || name === 'chat')).toBe(false);
    expect(tools.every(({ inputSchema }) => inputSchema.type === 'object')).toBe(true);
    expect(JSON.stringify(tools)).not.toContain('x-mcp-header');
    expect(tools.find(({ name }) => name === 'greet')?.inputSchema.required).toEqual(['person']);

    const told: string[] = [];
    const result = await callBy(
      one,
      'greet',
      { person: 'Ada' },
      { onprogress: ({ message }: { message?: string }) => void told.push(message ?? '') },
    );
    expect(result).toMatchObject({
      content: [{ type: 'text', text: 'Heard: Greet Ada' }],
      structuredContent: { status: 'succeeded', mode: 'live', output: 'Heard: Greet Ada' },
    });
    expect(told).toContain('Step 1 of 1');
    const { executionId } = result.structuredContent as { executionId: string };
    const { body } = await vm.api('GET', `/api/v1/executions/${executionId}`);
    expect(body).toMatchObject({
      trigger: 'chat',
      triggerDetail: { via: 'mcp' },
      actor: expect.stringMatching(/^token:/),
    });

    const resource = await one.readResource({ uri: `alfred://executions/${executionId}` });
    expect(resource.contents[0]).toMatchObject({ text: expect.stringContaining('Heard: Greet Ada') });
    expect((await one.listResources()).resources).toEqual([]);
    expect((await all.listResources()).resources.map(({ uri }) => uri)).toContain(
      `alfred://executions/${executionId}`,
    );
    await Promise.all([one.close(), all.close()]);
  });

  it('is told by an error what keeps a run from its start, and runs no skill of others', async () => {
    const one = await connect(forOne);
    expect(await one.callTool({ name: 'greet', arguments: {} })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('/input/person') }],
    });
    for (const name of ['wait', 'constructor', 'draft'])
      expect(await one.callTool({ name, arguments: {} })).toMatchObject({
        isError: true,
        structuredContent: { code: 'E_NOT_FOUND' },
      });
    const all = await connect(forAll);
    const { structuredContent } = await all.callTool({ name: 'odd', arguments: { a: 'x' } });
    const { executionId } = structuredContent as { executionId: string };
    expect(await one.callTool({ name: 'get_execution', arguments: { executionId } })).toMatchObject({
      isError: true,
      structuredContent: { code: 'E_NOT_FOUND' },
    });
    await expect(one.readResource({ uri: `alfred://executions/${executionId}` })).rejects.toThrow(
      'no resource',
    );
    expect(await all.callTool({ name: 'get_execution', arguments: { executionId } })).toMatchObject({
      structuredContent: { status: 'succeeded', executionId },
    });
    await Promise.all([one.close(), all.close()]);
  });

  it('cancels its run, and that of nobody else', async () => {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const before = model.requests.length;
    model.setScript(async () => {
      await opened;
      return { text: 'Late' };
    });
    try {
      const [mine, other] = [await connect(forAll), await connect(forAll)];
      const stop = new AbortController();
      const cancelled = callBy(mine, 'wait', {}, { signal: stop.signal }).catch(() => undefined);
      await model.request(before);
      const kept = other.callTool({ name: 'wait', arguments: {} });
      await model.request(before + 1);
      stop.abort();
      await cancelled;
      const statuses = async () =>
        (
          (await vm.api('GET', '/api/v1/executions?skill=wait&limit=2')).body as {
            items: { status: string }[];
          }
        ).items.map(({ status }) => status);
      // The later one is listed first.
      await expect.poll(statuses).toEqual(['running', 'cancelled']);
      open();
      expect(await kept).toMatchObject({ structuredContent: { status: 'succeeded', output: 'Late' } });
      await Promise.all([mine.close(), other.close()]);
    } finally {
      open();
      model.setScript(({ body }) => ({ text: `Heard: ${userTextOf(body).split('\n')[0]}` }));
    }
  });
});

describe('the door', () => {
  const ask = (init: RequestInit) => fetch(address(), { method: 'POST', body: '{}', ...init });
  const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

  it('opens to no stranger, to no page of another site, and to no token without the scope', async () => {
    const stranger = await ask({ headers: json });
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('www-authenticate')).toMatch(/^Bearer/);
    const headers = { ...json, ...requestInit(forAll).headers };
    expect((await ask({ headers: { ...headers, origin: 'https://attacker.example' } })).status).toBe(403);
    const reader = await token({ name: 'reader', scopes: ['read'] });
    expect((await ask({ headers: { ...json, ...requestInit(reader).headers } })).status).toBe(403);
    expect((await ask({ method: 'GET', body: null as never, headers })).status).toBe(405);
  });

  const begin = async (bearer: string): Promise<string> => {
    const initialize = JSON.stringify({
      ...{ jsonrpc: '2.0', id: 0, method: 'initialize' },
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a', version: '1' } },
    });
    const opened = await ask({ headers: { ...json, ...requestInit(bearer).headers }, body: initialize });
    const session = opened.headers.get('mcp-session-id') ?? '';
    await opened.body?.cancel();
    expect(session).not.toBe('');
    return session;
  };
  const within = (session: string, bearer: string, method = 'POST') =>
    ask({
      method,
      headers: { ...json, ...requestInit(bearer).headers, 'mcp-session-id': session },
      body: method === 'POST' ? JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }) : null,
    });

  it('lets nobody into the session of another token', async () => {
    const session = await begin(forAll);
    expect((await within(session, forOne)).status).toBe(404);
    expect(await (await within(session, forAll)).text()).toContain('greet');
    expect((await within(session, forAll, 'DELETE')).status).toBe(200);
    expect((await within(session, forAll)).status).toBe(404);
  });

  it('ends the oldest session of a token that has many, and none of another', async () => {
    const other = await begin(forAll);
    const many: string[] = [];
    for (let count = 0; count < 120; count += 1) many.push(await begin(forOne));
    expect((await within(many[0] ?? '', forOne)).status).toBe(404);
    expect(await (await within(many.at(-1) ?? '', forOne)).text()).toContain('greet');
    expect(await (await within(other, forAll)).text()).toContain('greet');
  });

  it('opens to a token for named skills, and nothing else does', async () => {
    const as = (path: string, method = 'GET', body?: object) =>
      fetch(new URL(path, vm.url), {
        method,
        headers: { ...requestInit(forOne).headers, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    expect((await as('/api/v1/skills/greet/run', 'POST', { input: { person: 'Bo' } })).status).toBe(202);
    for (const [path, method, body] of [
      ['/api/v1/skills/wait/run', 'POST', {}],
      ['/api/v1/stop-all', 'POST', undefined],
      ['/api/v1/conversations', 'POST', {}],
      ['/api/v1/executions', 'GET', undefined],
    ] as const)
      expect([path, (await as(path, method, body)).status]).toEqual([path, 403]);
    const refused = await vm.api('POST', '/api/v1/tokens', {
      ...{ name: 'x', scopes: ['run'], skills: ['nobody'] },
    });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: '/skills/0' }] } });
    expect(
      await vm.api('POST', '/api/v1/tokens', { name: 'x', scopes: ['run', 'read'], skills: ['greet'] }),
    ).toMatchObject({ status: 422, body: { errors: [{ field: '/skills' }] } });
  });
});
