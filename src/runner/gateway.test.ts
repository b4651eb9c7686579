/** The gateway as a client sees it that is not the Agent SDK and asks for what it was not shown. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConnectionBench, createConnectionBench } from '../../tests/helpers/mcp/connections.ts';
import { until } from '../../tests/helpers/mcp/stdio-link.ts';
import { insertExecution } from '../../tests/helpers/rows.ts';
import { discoverTools } from '../connections/discover-tools.ts';
import { readCatalog } from '../connections/tools/catalog.ts';
import type { ToolCallChange } from '../connections/tools/recorded-call.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { toolsOf } from './step-tools.ts';

let bench: ConnectionBench;
let gateway: Gateway;
let executionId: string;
const news: (ToolCallChange & { name: string })[] = [];
const over = new AbortController();
const clients: Client[] = [];

beforeAll(async () => {
  bench = await createConnectionBench();
  await bench.addHostile('hostile');
  await discoverTools(bench.deps, 'hostile');
  executionId = (await insertExecution(bench.deps.db, { status: 'running', startedAt: new Date() })).id;
  const tools = toolsOf(
    ['mcp__hostile__echo', 'mcp__hostile__sleep'],
    await readCatalog(bench.deps.db.prisma),
  );
  gateway = openGateway(bench.deps, {
    executionId,
    stepId: 1,
    attempt: 1,
    tools,
    signal: over.signal,
    onToolCall: (name, one) => news.push({ ...one, name }),
  });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await bench.close();
});

async function connect(from = gateway, name = 'hostile'): Promise<Client> {
  const server = from.servers[name];
  if (server?.type !== 'sdk') throw new Error('no server');
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await (server.instance as unknown as Server).connect(theirs);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(ours);
  clients.push(client);
  return client;
}

it('shows the tools of the step alone, refuses and records every other, and ends calls with the step', async () => {
  expect(Object.keys(gateway.servers)).toEqual(['hostile']);
  const client = await connect();
  expect((await client.listTools()).tools.map(({ name }) => name).sort()).toEqual(['echo', 'sleep']);

  const echoed = await client.callTool({
    name: 'echo',
    arguments: { text: 'hello' },
    _meta: { 'claudecode/toolUseId': 'toolu_1' },
  });
  expect(echoed).toMatchObject({ content: [{ type: 'text', text: 'hello' }] });

  for (const name of ['environment', 'mcp__hostile__environment', '*', '../echo', '__proto__']) {
    const refused = await client.callTool({ name, arguments: { a: 1 } });
    expect(refused).toMatchObject({ isError: true });
    expect(JSON.stringify(refused.content)).toContain('E_TOOL_REFUSED');
  }

  const sleeping = client.callTool({ name: 'sleep', arguments: { count: 600_000 } });
  while (!news.some(({ name, status }) => name === 'mcp__hostile__sleep' && status === 'dispatched')) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  over.abort();
  expect(await sleeping).toMatchObject({ isError: true });

  const rows = await bench.deps.db.prisma.toolCall.findMany({
    where: { executionId },
    orderBy: { createdAt: 'asc' },
  });
  expect(rows.map(({ tool, status, toolUseId }) => [tool, status, toolUseId])).toEqual([
    ['echo', 'done', 'toolu_1'],
    ['environment', 'denied', null],
    ['mcp__hostile__environment', 'denied', null],
    ['*', 'denied', null],
    ['../echo', 'denied', null],
    ['__proto__', 'denied', null],
    ['sleep', 'failed', null],
  ]);
  expect(rows[0]).toMatchObject({
    connection: 'hostile',
    stepId: 1,
    attempt: 1,
    arguments: { text: 'hello' },
  });
  expect(rows[0]?.dispatchedAt).not.toBeNull();
  expect(rows[1]?.dispatchedAt).toBeNull();
  // No call waits for that to be written.
  await until(async () => (await bench.deps.db.prisma.connection.findFirstOrThrow()).lastUsedAt !== null);
});

it('finds tools that are too many to be shown, and makes, records and refuses the calls within', async () => {
  const shown = toolsOf(['mcp__hostile__echo', 'mcp__hostile__pid'], await readCatalog(bench.deps.db.prisma));
  const filler = Array.from({ length: 1_000 }, (_, at) => ({
    name: `mcp__hostile__filler${at}`,
    connection: 'hostile',
    exposed: `filler${at}`,
    tool: `filler${at}`,
    definition: { name: `filler${at}`, description: 'fills '.repeat(20), inputSchema: { type: 'object' } },
    realNames: new Map(),
  }));
  const many = openGateway(bench.deps, {
    executionId,
    stepId: 2,
    attempt: 1,
    tools: [...shown, ...filler],
    maySearch: true,
    signal: new AbortController().signal,
    needsApproval: ({ tool }) => tool === 'pid',
    onToolCall: () => {},
  });
  expect(many.shown).toEqual(['mcp__Tools__find', 'mcp__Tools__call']);
  const client = await connect(many, 'Tools');
  const listed = await client.listTools();
  expect(JSON.stringify(listed).length).toBeLessThan(2_500);
  const found = await client.callTool({ name: 'find', arguments: { query: 'echo a text' } });
  expect(JSON.stringify(found)).toContain('mcp__hostile__echo');

  const callOf = (tool: string, args: object) => ({ tool, arguments: args });
  const name = 'mcp__Tools__call';
  expect(many.meant(name, callOf('mcp__hostile__pid', {}))).toMatchObject({ tool: { tool: 'pid' } });
  expect(many.meant(name, callOf('mcp__hostile__sleep', {}))).toBeUndefined();
  expect(many.meant('mcp__hostile__echo', {})).toBeUndefined();

  const call = (tool: string, args: object) =>
    client.callTool({ name: 'call', arguments: callOf(tool, args) });
  expect(await call('mcp__hostile__echo', { text: 'found' })).toMatchObject({
    content: [{ type: 'text', text: 'found' }],
  });
  expect(await call('mcp__hostile__pid', {})).toMatchObject({ isError: true });
  expect(await call('mcp__hostile__sleep', { count: 1 })).toMatchObject({ isError: true });
  const rows = await bench.deps.db.prisma.toolCall.findMany({
    where: { executionId, stepId: 2 },
    orderBy: { createdAt: 'asc' },
  });
  expect(rows.map(({ connection, tool, status }) => [connection, tool, status])).toEqual([
    ['hostile', 'echo', 'done'],
    ['hostile', 'pid', 'denied'],
    ['hostile', 'sleep', 'denied'],
  ]);
});
