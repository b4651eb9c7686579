/** The pool, discovery, pinning and calls by hand, on real processes and a real database. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConnectionBench,
  createConnectionBench,
  owner,
} from '../../../tests/helpers/mcp/connections.ts';
import { childEnvironment, hostileServer, realServer, until } from '../../../tests/helpers/mcp/stdio-link.ts';
import { connectionInputSchema } from '../../contract/connection-types.ts';
import { homeMark, markOfHome } from '../../processes/marks.ts';
import { hasVariable, listProcesses, readProcess } from '../../processes/process-list.ts';
import { approveConnection } from '../approve-connection.ts';
import { callToolByHand } from '../call-tool-by-hand.ts';
import { createConnection } from '../create-connection.ts';
import { discoverTools } from '../discover-tools.ts';
import { getConnection } from '../get-connection.ts';
import { removeConnection } from '../remove-connection.ts';
import { testConnection } from '../test-connection.ts';
import { readCatalog } from '../tools/catalog.ts';
import { recordDiscovery } from '../tools/record-discovery.ts';
import { updateConnection } from '../update-connection.ts';
import type { ConnectionPool } from './pool.ts';

let bench: ConnectionBench;
let pool: ConnectionPool;
beforeAll(async () => {
  bench = await createConnectionBench();
  pool = bench.deps.pool;
});
afterAll(() => bench.close());

const secret = 'sk-live-0123456789abcdef';
const textOf = ({ content }: { content: Record<string, unknown>[] }) =>
  content.map((block) => (typeof block.text === 'string' ? block.text : '')).join('');
const pidOf = async (name: string, from = pool) => Number(textOf(await from.call(name, 'pid', {})));
const isAlive = (pid: number) => readProcess(pid)?.isZombie === false;
const running = () =>
  listProcesses().filter(
    ({ pid, isZombie }) => !isZombie && hasVariable(pid, homeMark, markOfHome(bench.home)),
  );
const statusOf = async (name: string) => (await getConnection(bench.deps, name)).status;
const offOf = async (name: string) =>
  Object.fromEntries(
    (await getConnection(bench.deps, name)).toolCatalog.map((tool) => [tool.name, tool.off]),
  );

const tool = (name: string, description = `Does ${name}`) => ({
  name,
  description,
  inputSchema: { type: 'object' },
});
/** A server whose tools stand in a file. */
async function addChangeable(name: string, tools: object[]) {
  const file = path.join(bench.home, `${name}.json`);
  await writeFile(file, JSON.stringify(tools));
  await bench.addHostile(name, 'tools-file', file);
  return { write: (changed: object[]) => writeFile(file, JSON.stringify(changed)) };
}

describe('discovery', () => {
  it('fills in the tools of a real server, and pins them', async () => {
    await createConnection(
      bench.deps,
      {
        name: 'files',
        type: 'mcp_stdio',
        config: {
          command: 'node',
          args: [realServer('server-filesystem'), bench.home],
          env: {},
          secrets: {},
          sandbox: 'off',
        },
        isActive: true,
      },
      owner,
    );
    const found = await discoverTools(bench.deps, 'files');
    const names = found.tools.map((one) => one.name);
    expect(names).toContain('read_text_file');
    expect(found).toMatchObject({ added: names, changed: [], removed: [] });
    const shown = await getConnection(bench.deps, 'files');
    expect(shown).toMatchObject({
      tools: names,
      status: 'ready',
      lastError: null,
      lastCheckedAt: expect.any(String),
    });
    expect(shown.toolCatalog.every(({ hash, off }) => /^[0-9a-f]{64}$/.test(hash) && off === undefined)).toBe(
      true,
    );
    expect((await readCatalog(bench.deps.db.prisma, ['files'])).get('files')).toMatchObject({
      isActive: true,
      approved: true,
      status: 'ready',
    });
    expect(await discoverTools(bench.deps, 'files')).toMatchObject({ added: [], changed: [], removed: [] });
    expect(await testConnection(bench.deps, 'files')).toMatchObject({
      ok: true,
      toolCount: names.length,
      message: expect.stringMatching(/works: secure-filesystem-server/),
    });
  });

  it('switches off what is changed, new or gone, until a person approves it', async () => {
    const { write } = await addChangeable('shifty', [tool('echo'), tool('pid'), tool('fail')]);
    await discoverTools(bench.deps, 'shifty');
    const changed = Promise.withResolvers<string>();
    const stop = pool.onToolsChanged(changed.resolve);
    await write([tool('echo', 'Sends everything to a stranger'), tool('pid'), tool('environment')]);
    // The server says so by itself (tools/list_changed).
    expect(await changed.promise).toBe('shifty');
    stop();
    await until(async () => (await statusOf('shifty')) === 'changed');
    expect(await offOf('shifty')).toEqual({
      echo: 'changed',
      pid: undefined,
      environment: 'new',
      fail: 'gone',
    });
    for (const name of ['echo', 'environment', 'fail']) {
      await expect(pool.call('shifty', name, {})).rejects.toMatchObject({
        code: 'E_TOOL_CHANGED',
        remedy: expect.stringMatching(/approve/),
      });
    }
    const pid = await pidOf('shifty');
    const { toolCatalog } = await getConnection(bench.deps, 'shifty');
    expect(toolCatalog[0]).toMatchObject({
      description: 'Does echo',
      pending: { description: 'Sends everything to a stranger' },
    });
    expect(await discoverTools(bench.deps, 'shifty')).toMatchObject({
      added: ['environment'],
      changed: ['echo'],
      removed: ['fail'],
    });

    const approved = await approveConnection(bench.deps, 'shifty', owner);
    expect(approved).toMatchObject({ status: 'ready', tools: ['echo', 'pid', 'environment'] });
    expect(approved.toolCatalog.map(({ name, off, pending }) => [name, off, pending])).toEqual([
      ['echo', undefined, undefined],
      ['pid', undefined, undefined],
      ['environment', undefined, undefined],
    ]);
    expect(textOf(await pool.call('shifty', 'echo', { text: 'approved' }))).toBe('approved');
    expect(await pidOf('shifty')).toBe(pid);
  });

  it('notices a change that came with a restart, before the first call, and forgets one that was taken back', async () => {
    const { write } = await addChangeable('sly', [tool('echo')]);
    await discoverTools(bench.deps, 'sly');
    await pool.evict('sly');
    await write([tool('echo', 'Other')]);
    await expect(pool.call('sly', 'echo', {})).rejects.toMatchObject({ code: 'E_TOOL_CHANGED' });
    expect(await statusOf('sly')).toBe('changed');
    await write([tool('echo')]);
    await until(async () => (await statusOf('sly')) === 'ready');
    expect(textOf(await pool.call('sly', 'echo', { text: 'as before' }))).toBe('as before');
  });

  it('takes the tools of another server as they are', async () => {
    const { write } = await addChangeable('moved', [tool('echo')]);
    await discoverTools(bench.deps, 'moved');
    const { config } = await getConnection(bench.deps, 'moved');
    await write([tool('pid')]);
    await updateConnection(bench.deps, 'moved', { config: { args: config.args, cwd: '/tmp' } }, owner);
    expect(await discoverTools(bench.deps, 'moved')).toMatchObject({ added: ['pid'] });
    expect(await offOf('moved')).toEqual({ pid: undefined });
  });

  it('keeps a server whose tools it wrote down itself, and ends one whose row somebody else wrote', async () => {
    await addChangeable('rewritten', [tool('pid')]);
    await discoverTools(bench.deps, 'rewritten');
    const first = await pidOf('rewritten');
    await pool.refresh('rewritten');
    expect(await pidOf('rewritten')).toBe(first);
    await bench.deps.db.prisma.$executeRaw`
      UPDATE connections SET tool_catalog = '[]' WHERE name = 'rewritten'`;
    await pool.refresh('rewritten');
    expect(isAlive(first)).toBe(false);
    await expect(pool.call('rewritten', 'pid', {})).rejects.toMatchObject({ code: 'E_ROW_ALTERED' });
  });

  it('takes no tools of the server that was there before for those of the next', async () => {
    await addChangeable('before', [tool('echo')]);
    await discoverTools(bench.deps, 'before');
    const { config } = await getConnection(bench.deps, 'before');
    await updateConnection(bench.deps, 'before', { config: { args: config.args, cwd: '/tmp' } }, owner);
    // What the first one said of itself a moment ago comes late.
    await expect(recordDiscovery(bench.deps.db, 'before', [], () => false)).rejects.toMatchObject({
      code: 'E_CONFLICT',
    });
    expect(await discoverTools(bench.deps, 'before')).toMatchObject({ added: ['echo'] });
  });

  it('says what keeps a server from answering, in the row as well', async () => {
    await bench.addHostile('broken', 'exit');
    const told = {
      code: 'E_SERVER_EXITED',
      message: expect.stringMatching(/cannot find the configuration file/),
    };
    expect(await testConnection(bench.deps, 'broken')).toMatchObject({
      ok: false,
      ...told,
      remedy: expect.any(String),
    });
    await expect(discoverTools(bench.deps, 'broken')).rejects.toMatchObject(told);
    expect(await getConnection(bench.deps, 'broken')).toMatchObject({
      status: 'error',
      lastError: told.message,
    });
    await updateConnection(bench.deps, 'broken', { config: { args: [hostileServer] } }, owner);
    expect(await testConnection(bench.deps, 'broken')).toMatchObject({ ok: true });
    expect(await getConnection(bench.deps, 'broken')).toMatchObject({ status: 'ready', lastError: null });
  });
});

describe('the pool', () => {
  it('keeps one process for concurrent calls', async () => {
    await bench.addHostile('warm');
    await pool.ready(['warm']);
    const pids = await Promise.all(Array.from({ length: 20 }, () => pidOf('warm')));
    expect(new Set(pids).size).toBe(1);
    // No call waits for that to be written.
    await until(async () => (await getConnection(bench.deps, 'warm')).lastUsedAt !== null);
  });

  it('lets calls wait for each other where the server takes one at a time', async () => {
    const ledger = path.join(import.meta.dirname, '../../../tests/helpers/mcp/ledger-server.ts');
    const config = {
      command: process.execPath,
      args: [ledger, path.join(bench.home, 'ledger')],
      sandbox: 'off',
      oneAtATime: true,
    };
    await createConnection(
      bench.deps,
      connectionInputSchema.parse({ name: 'queued', type: 'mcp_stdio', config }),
      owner,
    );
    const ended: string[] = [];
    const look = async (say: string, sleepMs: number) =>
      ended.push(textOf(await pool.call('queued', 'look', { say, sleepMs })));
    await Promise.all([look('first', 400), look('second', 0), look('third', 0)]);
    expect(ended).toEqual(['first', 'second', 'third']);
  });

  it('starts a dead server again, and leaves one alone that keeps dying', async () => {
    await bench.addHostile('mortal');
    const lazy = bench.addPool({ backoff: { baseMs: 60_000, capMs: 60_000 } });
    const first = await pidOf('mortal', lazy);
    await expect(lazy.call('mortal', 'die', {})).rejects.toMatchObject({ code: 'E_SERVER_EXITED' });
    const second = await pidOf('mortal', lazy);
    expect(second).not.toBe(first);
    await expect(lazy.call('mortal', 'die', {})).rejects.toMatchObject({ code: 'E_SERVER_EXITED' });
    await expect(lazy.call('mortal', 'pid', {})).rejects.toMatchObject({
      code: 'E_SERVER_EXITED',
      message: expect.stringMatching(
        /failed 2 times in a row and is left alone for another \d+ s\. .*exit code 7/s,
      ),
    });
    // A person who asks does not wait.
    expect(await lazy.probe('mortal')).toMatchObject({ server: { name: 'hostile' } });
    expect(isAlive(await pidOf('mortal', lazy))).toBe(true);
    await lazy.close();
  });

  it('comes back by itself after the pause', async () => {
    await bench.addHostile('patient');
    for (let at = 0; at < 3; at += 1) {
      await until(async () =>
        pool.call('patient', 'die', {}).then(
          () => false,
          (error) => /exit code 7\)\.? Its/.test(error.message) && !/left alone/.test(error.message),
        ),
      );
    }
    await until(async () =>
      pool.call('patient', 'pid', {}).then(
        () => true,
        () => false,
      ),
    );
  });

  it('ends a server that nobody used for a while', async () => {
    await bench.addHostile('idle');
    const brief = bench.addPool({ idleMs: 100 });
    const pid = await pidOf('idle', brief);
    await until(() => !isAlive(pid));
    expect(await pidOf('idle', brief)).not.toBe(pid);
    await brief.close();
  });

  it('ends a server whose connection is changed, switched off or removed', async () => {
    await bench.addHostile('fleeting');
    const first = await pidOf('fleeting');
    await updateConnection(bench.deps, 'fleeting', { config: { timeoutMs: 300 } }, owner);
    expect(isAlive(first)).toBe(false);
    await expect(pool.call('fleeting', 'hang', {})).rejects.toMatchObject({
      code: 'E_TOOL_TIMEOUT',
      message: expect.stringMatching(/300 ms/),
    });
    const second = await pidOf('fleeting');
    await updateConnection(bench.deps, 'fleeting', { isActive: false }, owner);
    expect(isAlive(second)).toBe(false);
    await updateConnection(bench.deps, 'fleeting', { isActive: true }, owner);
    const waiting = pool.call('fleeting', 'hang', {}, { timeoutMs: 60_000 });
    const third = await pidOf('fleeting');
    await Promise.all([
      expect(waiting).rejects.toMatchObject({
        code: 'E_CONNECTION_FAILED',
        message: expect.stringMatching(/was closed/),
      }),
      removeConnection(bench.deps, 'fleeting'),
    ]);
    expect(isAlive(third)).toBe(false);
    await expect(pool.call('fleeting', 'pid', {})).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  it('leaves nothing running when it closes, stragglers included', async () => {
    await bench.addHostile('leaver');
    const closing = bench.addPool({});
    const pids = [
      await pidOf('leaver', closing),
      Number(textOf(await closing.call('leaver', 'straggler', {}))),
    ];
    expect(pids.every(isAlive)).toBe(true);
    await closing.close();
    expect(pids.some(isAlive)).toBe(false);
    await expect(closing.call('leaver', 'pid', {})).rejects.toMatchObject({ code: 'E_NOT_READY' });
  });

  it('starts nothing without walls that was approved behind some, until somebody approves that', async () => {
    const name = 'walled';
    const config = {
      ...{ command: process.execPath, args: [hostileServer, 'well'], env: {}, secrets: {} },
      sandbox: 'default' as const,
    };
    const input = { name, type: 'mcp_stdio' as const, config, isActive: true };
    await createConnection(bench.deps, input, owner, { walls: 'namespaces' });
    const elsewhere = bench.addPool({ childEnvironment: { ...childEnvironment, PATH: '/no/such/folder' } });
    await expect(elsewhere.call(name, 'pid', {})).rejects.toMatchObject({
      code: 'E_NOT_APPROVED',
      message: expect.stringContaining('none can be built here now'),
    });
    // A change of something else by the owner does not approve it.
    const deps = { ...bench.deps, pool: elsewhere };
    await updateConnection(deps, name, { config: { args: [hostileServer, 'well', 'other'] } }, owner);
    await expect(elsewhere.call(name, 'pid', {})).rejects.toMatchObject({ code: 'E_NOT_APPROVED' });
    await approveConnection(deps, name, owner);
    expect(isAlive(await pidOf(name, elsewhere))).toBe(true);
    await elsewhere.close();
  });

  it('refuses tools that there are not', async () => {
    await bench.addHostile('small');
    await expect(pool.call('small', 'rm', {})).rejects.toMatchObject({ code: 'E_UNKNOWN_TOOL' });
  });
});

describe('secrets', () => {
  it('reach the server, and come back redacted: result, row, log, last error', async () => {
    const reference = '$' + '{TOKEN}';
    await bench.addHostile('keeper', 'well', '', {
      args: [hostileServer, 'well', reference],
      env: { API_KEY: secret },
      secrets: { TOKEN: `${secret}-token` },
    });
    const raw = JSON.parse(textOf(await pool.call('keeper', 'environment', {})));
    expect(raw.API_KEY).toBe(secret);
    const pid = await pidOf('keeper');
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    expect(commandLine).toContain(`${secret}-token`);

    const result = await callToolByHand(
      bench.deps,
      'keeper',
      'environment',
      { why: `because ${secret}` },
      { actor: 'owner' },
    );
    expect(textOf(result)).toContain('[redacted:keeper.API_KEY]');
    const [row] = await bench.deps.db.prisma.toolCall.findMany({ where: { connection: 'keeper' } });
    expect(row).toMatchObject({
      tool: 'environment',
      status: 'done',
      readOnly: false,
      executionId: null,
      error: null,
    });
    expect(row?.dispatchedAt).not.toBeNull();
    expect(row?.finishedAt).not.toBeNull();

    const dying = expect(callToolByHand(bench.deps, 'keeper', 'die', {}, { actor: 'owner' })).rejects;
    await dying.toMatchObject({
      code: 'E_SERVER_EXITED',
      message: expect.stringMatching(/\[redacted:keeper\.API_KEY\]/),
    });
    const rows = JSON.stringify([
      await bench.deps.db.prisma.toolCall.findMany(),
      await bench.deps.db.prisma.connection.findMany(),
    ]);
    for (const text of [rows, JSON.stringify(result), bench.logged()]) expect(text).not.toContain(secret);
  });
});

describe('a call by hand', () => {
  it('has a row, whatever comes of it', async () => {
    await bench.addHostile('hand');
    const options = { actor: 'owner' };
    await callToolByHand(bench.deps, 'hand', 'echo', { text: 'hello' }, options);
    await callToolByHand(bench.deps, 'hand', 'fail', {}, options);
    await callToolByHand(bench.deps, 'hand', 'big', { count: 200_000 }, options);
    await expect(
      callToolByHand(bench.deps, 'hand', 'hang', {}, { ...options, timeoutMs: 100 }),
    ).rejects.toMatchObject({ code: 'E_TOOL_TIMEOUT' });
    await expect(callToolByHand(bench.deps, 'hand', 'no-such', {}, options)).rejects.toMatchObject({
      code: 'E_UNKNOWN_TOOL',
    });
    const rows = await bench.deps.db.prisma.toolCall.findMany({
      where: { connection: 'hand' },
      orderBy: { createdAt: 'asc' },
    });
    expect(rows.map(({ tool, status, error }) => [tool, status, error === null])).toEqual([
      ['echo', 'done', true],
      ['fail', 'failed', false],
      ['big', 'done', true],
      ['hang', 'failed', false],
      ['no-such', 'failed', false],
    ]);
    expect(rows[0]).toMatchObject({
      arguments: { text: 'hello' },
      result: { content: [{ type: 'text', text: 'hello' }] },
    });
    expect(JSON.stringify(rows[2]?.result).length).toBeLessThan(70_000);
    expect(rows[4]?.dispatchedAt).toBeNull();
  });
});

it('leaves nothing running at the end', async () => {
  await pool.close();
  expect(running()).toEqual([]);
});
