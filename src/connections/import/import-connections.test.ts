/** Imports that are saved, on a real database, and the way back out. Nothing here may start a process or dial an address. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogue } from '../../../console/connections/catalogue.ts';
import { startCanary } from '../../../tests/helpers/canary.ts';
import {
  type ConnectionBench,
  createConnectionBench,
  owner,
} from '../../../tests/helpers/mcp/connections.ts';
import { importRequestSchema } from '../../contract/imports.ts';
import { homeMark, markOfHome } from '../../processes/marks.ts';
import { hasVariable, listProcesses } from '../../processes/process-list.ts';
import { approveConnection } from '../approve-connection.ts';
import { callToolByHand } from '../call-tool-by-hand.ts';
import { discoverTools } from '../discover-tools.ts';
import { getConnection } from '../get-connection.ts';
import { listConnections } from '../list-connections.ts';
import { removeConnection } from '../remove-connection.ts';
import { testConnection } from '../test-connection.ts';
import { updateConnection } from '../update-connection.ts';
import { exportConnections } from './export-connections.ts';
import { importConnections } from './import-connections.ts';

let bench: ConnectionBench;
beforeAll(async () => {
  bench = await createConnectionBench();
});
afterAll(() => bench.close());

const run = (request: Record<string, unknown>) =>
  importConnections(bench.deps, importRequestSchema.parse(request), { actor: 'owner' });
const names = async () => (await listConnections(bench.deps, { limit: 100 })).items.map(({ name }) => name);
const running = () => listProcesses().filter(({ pid }) => hasVariable(pid, homeMark, markOfHome(bench.home)));

const secret = 'ghp_c4nary0123456789';

it('shows what would be, and saves nothing', async () => {
  const canary = await startCanary();
  const result = await run({
    mcpServers: {
      GitHub: { command: 'node', args: ['server.js', '--token', secret], env: { GITHUB_TOKEN: secret } },
      house: { url: `${canary.url}/mcp`, headers: { Authorization: `Bearer ${secret}` } },
      bad: { args: [] },
    },
  });
  expect(result).toMatchObject({
    previews: [
      { name: 'github', importedAs: 'GitHub', runs: "node server.js --token '${TOKEN}'", exists: false },
      { name: 'house', dials: `${canary.url}/mcp`, config: { allowPrivateNetwork: true } },
    ],
    refused: [{ name: 'bad' }],
    saved: [],
  });
  expect(JSON.stringify(result)).not.toContain(secret);
  expect(await names()).toEqual([]);
  expect(running()).toEqual([]);
  expect(canary.connections()).toBe(0);
  await canary.close();
});

it("understands all of the console's catalogue, and what of it is to be filled in", async () => {
  for (const { name, text } of catalogue.flatMap(({ entries }) => entries)) {
    const { previews, refused } = await run({ text });
    expect({ name, previews: previews.length, refused }).toEqual({ name, previews: 1, refused: [] });
    const [preview] = previews;
    expect(preview?.runs ?? preview?.dials, name).toBeTruthy();
    expect({ name, missing: preview?.missing.length }).toEqual({
      name,
      missing: new Set(text.match(/<your-[\w-]+>/g)).size,
    });
  }
  expect(await names()).toEqual([]);
});

it('saves what is asked for, sealed and not approved, and says which could not be', async () => {
  const canary = await startCanary();
  const mcpServers = {
    GitHub: { command: 'node', args: ['server.js'], env: { GITHUB_TOKEN: secret, MODE: 'production' } },
    github: { url: `${canary.url}/mcp`, headers: { Authorization: `Bearer ${secret}` } },
    evil: { command: 'node', args: ['x.js'], env: { LD_PRELOAD: secret } },
    other: { command: 'node' },
  };
  const result = await run({ mcpServers, apply: true, only: ['github', 'github-2', 'nobody'] });
  expect(result.saved).toEqual(['github', 'github-2']);
  expect(result.refused.map(({ name }) => name)).toEqual(['evil', 'nobody']);
  expect(JSON.stringify(result)).not.toContain(secret);
  for (const name of result.saved) {
    const saved = await getConnection(bench.deps, name);
    expect(saved).toMatchObject({ approved: false, status: 'new' });
    await expect(testConnection(bench.deps, name)).rejects.toMatchObject({ code: 'E_NOT_APPROVED' });
    const row = await bench.deps.db.prisma.connection.findUniqueOrThrow({ where: { name } });
    expect(JSON.stringify([row, saved])).not.toContain(secret);
  }
  expect(bench.logged()).not.toContain(secret);
  expect(running()).toEqual([]);
  expect(canary.connections()).toBe(0);

  const again = await run({ mcpServers: { GitHub: { command: 'node' } } });
  expect(again.previews[0]).toMatchObject({ name: 'github-3', exists: true });
  const reserved = await run({ mcpServers: { export: { command: 'node' } } });
  expect(reserved.previews[0]).toMatchObject({ name: 'export-2', exists: false });
  for (const name of result.saved) await removeConnection(bench.deps, name);
  await canary.close();
});

it('makes of curl lines an API whose calls are those that curl would make', async () => {
  const api = await startCanary();
  const { previews, saved } = await run({
    text: `curl -X POST '${api.url}/v1/orders/{order}?notify=yes' -H 'X-Api-Key: ${secret}' -d note=hi\n
curl ${api.url}/hooks/4f9c2e7a1b8d4063a5e7c9d2f1b6084e -d '{"text":"done"}'`,
    apply: true,
  });
  expect(saved).toHaveLength(2);
  expect(JSON.stringify(previews)).not.toMatch(/ghp_|4f9c2e7a/);
  const [orders = '', hook = ''] = saved;
  for (const name of saved) {
    await approveConnection(bench.deps, name, owner);
    await discoverTools(bench.deps, name);
  }
  const by = { actor: 'owner' };
  const body = { note: 'two words' };
  await callToolByHand(bench.deps, orders, 'post_v1_orders_order', { order: 'a/b', notify: 'no', body }, by);
  expect(api.last()).toMatchObject({
    method: 'POST',
    url: '/v1/orders/a%2Fb?notify=no',
    headers: { 'x-api-key': secret },
  });
  expect(api.last().body.toString()).toBe('note=two%20words');
  await callToolByHand(bench.deps, hook, 'post_hooks', { body: { text: 'x' } }, by);
  expect(api.last()).toMatchObject({ method: 'POST', url: '/hooks/4f9c2e7a1b8d4063a5e7c9d2f1b6084e' });
  for (const name of saved) await removeConnection(bench.deps, name);
  await api.close();
});

it('can be completed after it was saved', async () => {
  await run({ text: 'npx server-x --api-key ${KEY}', apply: true });
  const name = 'x';
  await approveConnection(bench.deps, name, owner);
  expect(await testConnection(bench.deps, name)).toMatchObject({
    ok: false,
    code: 'E_VALIDATION',
    message: expect.stringMatching(/secret KEY/),
  });
  const after = await updateConnection(bench.deps, name, { config: { secrets: { KEY: secret } } }, owner);
  expect(after.config.secrets).toMatchObject({ KEY: { sealed: true } });
  await removeConnection(bench.deps, name);
});

it('comes back out without secrets, and in again as it was', async () => {
  const first = await run({
    mcpServers: {
      files: {
        command: 'node',
        args: ['server.js', '--key', secret],
        env: { API_KEY: secret, WORD: 'plain-word-7261' },
        alfred: { sandbox: 'strict', network: true, paths: ['/tmp'], timeoutMs: 5_000, plain: ['WORD'] },
      },
      remote: {
        url: `https://mcp.test/${secret}?team=blue`,
        headers: { Authorization: `Bearer ${secret}`, 'X-Team': 'blue' },
        alfred: { plain: ['X-Team'] },
      },
    },
    httpApis: {
      shop: {
        baseUrl: 'https://api.test/${ROOM}',
        openapi: { url: 'https://api.test/openapi.json' },
        headers: { 'X-Team': { plain: 'blue' }, 'X-Key': secret },
        secrets: { ROOM: `room-${secret}` },
        auth: { type: 'bearer', token: secret },
        include: ['GET /items*'],
      },
    },
    apply: true,
  });
  expect(first).toMatchObject({ saved: ['files', 'remote', 'shop'], refused: [] });
  const exported = await exportConnections(bench.deps);
  expect(JSON.stringify(exported)).not.toContain(secret);
  expect(exported.mcpServers.remote).toMatchObject({
    url: 'https://mcp.test/${KEY}?team=${TEAM}',
    headers: { Authorization: '${AUTHORIZATION}', 'X-Team': 'blue' },
  });
  expect(exported.mcpServers.files).toEqual({
    command: 'node',
    args: ['server.js', '--key', '${KEY}'],
    env: { API_KEY: '${API_KEY}', WORD: 'plain-word-7261' },
    alfred: { sandbox: 'strict', network: true, paths: ['/tmp'], timeoutMs: 5_000, plain: ['WORD'] },
  });
  expect(exported.httpApis?.shop).toMatchObject({
    auth: { type: 'bearer', token: '${TOKEN}' },
    secrets: { ROOM: '${ROOM}' },
    headers: { 'X-Team': { plain: 'blue' }, 'X-Key': '${X_KEY}' },
  });

  const before = await Promise.all(first.saved.map((name) => getConnection(bench.deps, name)));
  for (const name of first.saved) await removeConnection(bench.deps, name);
  const second = await run({ text: JSON.stringify(exported), apply: true });
  expect(second).toMatchObject({ saved: first.saved, refused: [] });
  expect(second.previews.map(({ missing }) => missing)).toEqual([
    ['/config/env/API_KEY', '/config/secrets/KEY'],
    ['/config/headers/Authorization', '/config/secrets/KEY', '/config/secrets/TEAM'],
    ['/config/headers/X-Key', '/config/secrets/ROOM', '/config/auth/token'],
  ]);
  for (const [index, name] of second.saved.entries()) {
    const { config } = await getConnection(bench.deps, name);
    expect(config).toEqual(withoutSealed(before[index]?.config));
  }
  expect(await exportConnections(bench.deps)).toMatchObject({
    mcpServers: { files: { args: ['server.js', '--key', '${KEY}'] } },
  });
});

/** As the config is without its secrets; a login goes as a whole. */
function withoutSealed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => !isSealed(inner));
  if ('token' in value && isSealed(value.token)) return { type: 'none' };
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSealed(inner)]));
}

const isSealed = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'sealed' in value;
