/** Connections as rows: made, shown, changed, approved, removed. Nothing here may start a process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConnectionBench,
  createConnectionBench,
  guest,
  owner,
} from '../../tests/helpers/mcp/connections.ts';
import { signAll } from '../../tests/helpers/signed.ts';
import type { ConnectionInput } from '../contract/connection-types.ts';
import type { Connection } from '../contract/connections.ts';
import { homeMark, markOfHome } from '../processes/marks.ts';
import { hasVariable, listProcesses } from '../processes/process-list.ts';
import { approveConnection } from './approve-connection.ts';
import { callToolByHand } from './call-tool-by-hand.ts';
import { createConnection } from './create-connection.ts';
import { discoverTools } from './discover-tools.ts';
import { getConnection } from './get-connection.ts';
import { listConnections } from './list-connections.ts';
import { removeConnection } from './remove-connection.ts';
import { testConnection } from './test-connection.ts';
import { readCatalog } from './tools/catalog.ts';
import { updateConnection } from './update-connection.ts';

let bench: ConnectionBench;
beforeAll(async () => {
  bench = await createConnectionBench();
});
afterAll(() => bench.close());

const secret = 'sk-live-0123456789abcdef';
let count = 0;
const input = (config: Partial<ConnectionInput['config']> = {}): ConnectionInput => {
  count += 1;
  return {
    name: `weather-${count}`,
    type: 'mcp_stdio',
    config: { command: 'node', args: ['server.js'], env: {}, secrets: {}, sandbox: 'default', ...config },
    isActive: true,
  };
};
const create = (config?: Partial<ConnectionInput['config']>, who = owner) =>
  createConnection(bench.deps, input(config), who);
const change = (connection: Connection, config: Record<string, unknown>, who = owner) =>
  updateConnection(bench.deps, connection.name, { config }, who);
const rowOf = (name: string) => bench.deps.db.prisma.connection.findUniqueOrThrow({ where: { name } });
const running = () => listProcesses().filter(({ pid }) => hasVariable(pid, homeMark, markOfHome(bench.home)));

describe('making one', () => {
  it('seals secrets, shows where they stand, and approves for the owner', async () => {
    const made = await create({
      env: { API_KEY: secret, MODE: { plain: 'production' } },
      secrets: { TOKEN: `${secret}-2` },
    });
    expect(made).toMatchObject({
      type: 'mcp_stdio',
      status: 'new',
      approved: true,
      isActive: true,
      tools: [],
      config: {
        env: {
          API_KEY: { sealed: true, fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) },
          MODE: { plain: 'production' },
        },
        secrets: { TOKEN: { sealed: true } },
      },
    });
    const row = JSON.stringify(await rowOf(made.name));
    expect(row).toContain('encrypted:');
    expect(row).not.toContain(secret);
    expect(JSON.stringify(made)).not.toContain(secret);
    expect(await getConnection(bench.deps, made.name)).toEqual(made);
  });

  it('waits for an approval when made by anybody else', async () => {
    const made = await create({}, guest);
    expect(made.approved).toBe(false);
    for (const use of [discoverTools, testConnection]) {
      await expect(use(bench.deps, made.name)).rejects.toMatchObject({
        code: 'E_NOT_APPROVED',
        remedy: expect.stringMatching(/approve/),
      });
    }
    await expect(callToolByHand(bench.deps, made.name, 'x', {}, { actor: 'token' })).rejects.toMatchObject({
      code: 'E_NOT_APPROVED',
    });
    await expect(bench.deps.pool.call(made.name, 'x', {})).rejects.toMatchObject({ code: 'E_NOT_APPROVED' });
    await expect(approveConnection(bench.deps, made.name, guest)).rejects.toMatchObject({
      code: 'E_FORBIDDEN',
    });
    expect((await rowOf(made.name)).status).toBe('new');
    expect(running()).toEqual([]);
    expect((await approveConnection(bench.deps, made.name, owner)).approved).toBe(true);
    expect(running()).toEqual([]);
  });

  it('refuses a name that is taken', async () => {
    const made = await create();
    await expect(createConnection(bench.deps, { ...input(), name: made.name }, owner)).rejects.toMatchObject({
      code: 'E_CONFLICT',
    });
  });

  it.each([
    ['/config/secrets/TOKEN', { args: ['--token', '$' + '{TOKEN}'] }],
    ['/config/env/NODE_OPTIONS', { env: { NODE_OPTIONS: '--require ./evil.js' } }],
    ['/config/env/LD_PRELOAD', { env: { LD_PRELOAD: 'evil.so' } }],
    ['/config/env/ALFRED_RUN', { env: { ALFRED_RUN: { plain: 'x' } } }],
    ['/config/env/API_KEY', { env: { API_KEY: '' } }],
    ['/config/cwd', { cwd: 'relative' }],
    ['/config/network', { sandbox: 'strict' as const, network: ['example.org'] }],
    ['/config/args', { args: ['a\0b'] }],
    ['/config/args/0', { args: ['encrypted:xxx'] }],
  ])('refuses %s', async (field, config) => {
    await expect(create(config)).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [expect.objectContaining({ field })],
    });
  });

  it("refuses to lend out what is the VM's own", async () => {
    for (const entry of ['', 'keys', 'postgres/data', 'cli-token']) {
      await expect(create({ paths: [`${bench.home}/${entry}`] })).rejects.toMatchObject({
        code: 'E_VALIDATION',
      });
    }
    expect(await create({ paths: [`${bench.home}/samples`] })).toMatchObject({ approved: true });
  });

  it('warns of what a person should know', async () => {
    const made = await create({ args: ['$' + '{TOKEN}'], secrets: { TOKEN: secret }, env: { PIN: '1234' } });
    expect(made.warnings).toEqual([
      expect.stringMatching(/PIN is shorter than 8 characters/),
      expect.stringMatching(/can read TOKEN in the command line/),
    ]);
  });
});

describe('showing them', () => {
  it('lists by name, page by page', async () => {
    for (let at = 0; at < 3; at += 1) await create();
    const names: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await listConnections(bench.deps, { limit: 2, cursor });
      names.push(...page.items.map(({ name }) => name));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toHaveLength(await bench.deps.db.prisma.connection.count());
    await expect(listConnections(bench.deps, { limit: 2, cursor: '!' })).rejects.toMatchObject({
      code: 'E_VALIDATION',
    });
  });

  it('says what is not there', async () => {
    await expect(getConnection(bench.deps, 'no-such')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    expect(await readCatalog(bench.deps.db.prisma, ['no-such'])).toEqual(new Map());
  });
});

describe('changing one', () => {
  const sealedOf = async (name: string) =>
    (await rowOf(name)).config as { env: Record<string, string>; secrets: Record<string, string> };

  it('keeps a secret that is left out or sent back as shown, replaces one that is given, deletes by null', async () => {
    const made = await create({
      env: { A: `${secret}-a`, B: `${secret}-b`, C: `${secret}-c`, D: { plain: 'x' } },
    });
    const before = await sealedOf(made.name);
    const shown = made.config.env as Record<string, unknown>;
    const after = await change(made, { env: { B: shown.B, C: null, D: `${secret}-d` }, timeoutMs: 5_000 });
    const kept = await sealedOf(made.name);
    expect(kept.env.A).toBe(before.env.A);
    expect(kept.env.B).toBe(before.env.B);
    expect(kept.env.D).toMatch(/^encrypted:/);
    expect(after.config.env).toEqual({
      A: shown.A,
      B: shown.B,
      D: { sealed: true, fingerprint: expect.any(String) },
    });
    expect(after).toMatchObject({ approved: true, config: { timeoutMs: 5_000 } });
    expect((await change(made, { env: { D: { plain: 'y' } } })).config.env).toMatchObject({
      D: { plain: 'y' },
    });
  });

  it('refuses a marker of another secret', async () => {
    const made = await create({ env: { A: `${secret}-a` } });
    for (const env of [
      { A: { sealed: true, fingerprint: '00000000' } },
      { B: { sealed: true, fingerprint: '00000000' } },
    ]) {
      await expect(change(made, { env })).rejects.toMatchObject({ code: 'E_VALIDATION' });
    }
  });

  it.each([
    ['command', { command: 'python3' }],
    ['args', { args: ['other.js'] }],
    ['cwd', { cwd: '/tmp' }],
    ['a host', { env: { API_URL: { plain: 'https://evil.example' } } }],
    ['what code runs', { env: { NODE_OPTIONS: { plain: '--require ./x.js' } } }],
  ])(
    'drops the secrets when %s changes, also those sent back',
    async (_what, config: Record<string, unknown>) => {
      const made = await create({
        env: { A: `${secret}-a`, B: `${secret}-b`, API_URL: { plain: 'https://good.example' } },
      });
      const shown = made.config.env as Record<string, unknown>;
      const env = { A: shown.A, B: `${secret}-new`, ...(config.env as object | undefined) };
      const after = await change(made, { ...config, env });
      expect(Object.keys((await sealedOf(made.name)).env).sort()).not.toContain('A');
      expect((await sealedOf(made.name)).env.B).toMatch(/^encrypted:/);
      expect(after).toMatchObject({
        approved: true,
        status: 'new',
        warnings: [expect.stringMatching(/dropped.*: A\./)],
      });
    },
  );

  it('keeps them when something else changes', async () => {
    const made = await create({ env: { A: `${secret}-a`, LEVEL: { plain: 'info' } } });
    const after = await change(made, { env: { LEVEL: { plain: 'debug' } }, sandbox: 'off' });
    expect(after.config.env).toMatchObject({ A: { sealed: true }, LEVEL: { plain: 'debug' } });
    expect(after.warnings).toBeUndefined();
  });

  it('asks for a new approval when somebody else changes what is started', async () => {
    for (const config of [
      { args: ['x.js'] },
      { sandbox: 'off' },
      { env: { NEW: { plain: 'x' } } },
      { paths: ['/tmp'] },
    ]) {
      const made = await create();
      expect((await change(made, config, guest)).approved).toBe(false);
      expect((await change(made, { ...config, timeoutMs: 900 }, owner)).approved).toBe(false);
      expect((await approveConnection(bench.deps, made.name, owner)).approved).toBe(true);
    }
    const made = await create({ env: { A: `${secret}-a` } });
    // Whoever may not approve does not say either what goes along: the server may take it for a place to send to.
    expect((await change(made, { env: { A: `${secret}-renewed` } }, guest)).approved).toBe(false);
    expect((await change(made, { timeoutMs: 700 }, owner)).approved).toBe(false);
    const other = await create({ env: { A: `${secret}-a` } });
    expect((await change(other, { env: { A: `${secret}-renewed` } }, owner)).approved).toBe(true);
    expect((await change(other, { timeoutMs: 800 }, guest)).approved).toBe(true);
    const inArgs = await create({ args: ['-e', '$' + '{CODE}'], secrets: { CODE: 'console.log(1)' } });
    expect((await change(inArgs, { secrets: { CODE: 'process.exit(1)' } }, guest)).approved).toBe(false);
  });

  it('has the place that a variable names in the open, where it is approved', async () => {
    for (const [name, value] of [
      ['API_URL', 'https://good.example'],
      ['ENDPOINT', 'good.example:443'],
      ['HTTPS_PROXY', 'http://proxy.example:3128'],
      ['OLLAMA_HOST', 'localhost'],
      ['UPSTREAM', 'https://good.example/v1'],
    ] as const) {
      await expect(create({ env: { [name]: value } })).rejects.toMatchObject({
        code: 'E_VALIDATION',
        fields: [{ field: `/config/env/${name}`, message: expect.stringContaining('{"plain"') }],
      });
      expect((await create({ env: { [name]: { plain: value } } })).approved).toBe(true);
    }
    // What lets in whoever knows it stays sealed.
    const env = {
      DATABASE_URL: 'postgresql://me:password@db.example/x',
      SLACK_WEBHOOK_URL: 'https://hooks.example/T0/B0/x',
      FEED: 'https://feed.example/?key=0123456789',
      SERVER_TOKEN: secret,
    };
    expect((await create({ env })).config.env).toMatchObject({ DATABASE_URL: { sealed: true } });
  });

  it('keeps a place that was sealed before, until somebody enters another', async () => {
    const made = await create({ env: { OTHER: secret } });
    const row = await bench.deps.db.prisma.connection.findUniqueOrThrow({ where: { id: made.id } });
    const config = row.config as { env: Record<string, string> };
    const { vault } = bench.deps;
    const place = { table: 'connections', rowId: made.id, pointer: '/config/env/API_URL' } as const;
    const sealed = vault.seal(place, 'https://good.example', `${made.name}.API_URL`);
    await bench.deps.db.prisma.connection.update({
      where: { id: made.id },
      data: { config: { ...config, env: { ...config.env, API_URL: sealed } } },
    });
    await signAll(bench.deps.db);
    await approveConnection(bench.deps, made.name, owner);
    expect((await change(made, { timeoutMs: 900 }, guest)).approved).toBe(true);
    const evil = { env: { API_URL: 'https://evil.example' } };
    await expect(change(made, evil, guest)).rejects.toMatchObject({ code: 'E_VALIDATION' });
    const open = await change(made, { env: { API_URL: { plain: 'https://evil.example' } } }, guest);
    expect(open).toMatchObject({ approved: false, warnings: [expect.stringMatching(/dropped.*OTHER/)] });
  });

  it('is refused on what is no config, and on what the writer has not seen', async () => {
    const made = await create();
    await expect(change(made, { command: null })).rejects.toMatchObject({ code: 'E_VALIDATION' });
    await expect(change(made, { shell: true })).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [{ field: '/config/shell', message: expect.any(String) }],
    });
    const patch = { isActive: false };
    const isExpected = (revision: string) => revision === made.updatedAt;
    await updateConnection(bench.deps, made.name, patch, owner, { isExpected });
    await expect(updateConnection(bench.deps, made.name, patch, owner, { isExpected })).rejects.toMatchObject(
      { code: 'E_PRECONDITION' },
    );
    await expect(removeConnection(bench.deps, made.name, { isExpected })).rejects.toMatchObject({
      code: 'E_PRECONDITION',
    });
  });

  it('switched off is not started', async () => {
    const made = await create();
    await updateConnection(bench.deps, made.name, { isActive: false }, owner);
    await expect(testConnection(bench.deps, made.name)).rejects.toMatchObject({
      code: 'E_CONNECTION_INACTIVE',
    });
    await expect(bench.deps.pool.call(made.name, 'x', {})).rejects.toMatchObject({
      code: 'E_CONNECTION_INACTIVE',
    });
  });
});

describe('removing one', () => {
  it('is refused while an active skill names it', async () => {
    const made = await create();
    const skill = await bench.deps.db.prisma.skill.create({
      data: {
        id: crypto.randomUUID(),
        slug: 'report',
        name: 'Report',
        steps: [],
        connectionNames: [made.name],
      },
    });
    await expect(removeConnection(bench.deps, made.name)).rejects.toMatchObject({
      code: 'E_IN_USE',
      message: expect.stringMatching(/"report"/),
    });
    await bench.deps.db.prisma.skill.update({ where: { id: skill.id }, data: { isActive: false } });
    await removeConnection(bench.deps, made.name);
    await expect(removeConnection(bench.deps, made.name)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});
