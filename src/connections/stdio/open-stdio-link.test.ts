/** Real servers and hostile ones, over real pipes. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Bench,
  createBench,
  hostileServer,
  modernServer,
  realServer,
  until,
} from '../../../tests/helpers/mcp/stdio-link.ts';
import { kindsHere } from '../../../tests/helpers/walls.ts';
import { newId } from '../../kernel/ids.ts';
import { homeMark, markOfHome } from '../../processes/marks.ts';
import { hasVariable, listProcesses, readProcess } from '../../processes/process-list.ts';
import type { CallToolResult, Link } from '../pool/link.ts';

const here = await kindsHere();

let bench: Bench;
beforeAll(async () => {
  bench = await createBench();
});
afterAll(() => bench.close());

const hostile = (mode = 'well', argument = '') => [hostileServer, mode, argument];
const call = (link: Link, tool: string, args: Record<string, unknown> = {}, timeoutMs = 30_000) =>
  link.callTool(tool, args, { timeoutMs });
const textOf = ({ content }: CallToolResult) =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');
const isAlive = (pid: number) => {
  const found = readProcess(pid);
  return found !== undefined && !found.isZombie;
};

describe('a real server', () => {
  it('lists and calls the tools of server-everything', async () => {
    const link = await bench.open([realServer('server-everything')]);
    const tools = await link.listTools({ timeoutMs: 30_000 });
    expect(tools.length).toBeGreaterThanOrEqual(13);
    expect(textOf(await call(link, 'echo', { message: 'hello' }))).toContain('hello');
    expect(link.server?.version).toBeTruthy();
    expect(link.server?.instructions).toMatch(/^# Everything Server/);
  });

  it('is called concurrently, in one process', async () => {
    const link = await bench.open(hostile());
    const slow = call(link, 'sleep', { count: 300 });
    const quick = await Promise.all(
      Array.from({ length: 50 }, (_, at) => call(link, 'echo', { text: `${at}` })),
    );
    expect(quick.map(textOf)).toEqual(Array.from({ length: 50 }, (_, at) => `${at}`));
    expect(textOf(await slow)).toBe('slept 300');
  });

  it('gets an allow list, its own variables, and a folder of its own', async () => {
    const link = await bench.open(hostile(), { plan: { env: { API_KEY: 'from the connection' } } });
    const environment: Record<string, string> = JSON.parse(textOf(await call(link, 'environment')));
    expect(environment.API_KEY).toBe('from the connection');
    const ours = new Set(['PWD', 'SHLVL', 'OLDPWD', '_', 'API_KEY', 'ALFRED_RUN', 'ALFRED_VM_HOME']);
    const inherited = Object.keys(environment).filter((name) => !ours.has(name));
    expect(Object.keys(bench.deps.inherited)).toEqual(expect.arrayContaining(inherited));
    expect(environment.PWD ?? '').toContain(`${bench.home}/connections/`);
  });
});

describe('a server of the 2026-07-28 protocol', () => {
  it('is spoken to in it, and heard when its tools change', async () => {
    const changed = Promise.withResolvers<void>();
    const link = await bench.open([modernServer], { onToolsChanged: changed.resolve });
    expect(link.server).toEqual({ name: 'modern', version: '2.0.0' });
    expect((await link.listTools({ timeoutMs: 30_000 })).map(({ name }) => name)).toEqual([
      'greet',
      'change',
      'ask',
    ]);
    expect(textOf(await call(link, 'greet'))).toBe('good day');
    await call(link, 'change');
    await changed.promise;
    const [greet] = await link.listTools({ timeoutMs: 30_000 });
    expect(greet).toMatchObject({ description: 'Greets, and tells a stranger' });
    await expect(call(link, 'ask', {}, 200)).rejects.toMatchObject({ code: 'E_TOOL_TIMEOUT' });
    expect(textOf(await call(link, 'greet'))).toBe('good day');
  });
});

describe('a server that cannot be opened', () => {
  const cases: [
    what: string,
    args: string[],
    code: string,
    message: RegExp,
    plan?: { command?: string; cwd?: string },
  ][] = [
    [
      'is not there',
      [],
      'E_COMMAND_NOT_FOUND',
      /"no-such-command" was not found/,
      { command: 'no-such-command' },
    ],
    ['is no program', [], 'E_COMMAND_NOT_FOUND', /is not a program/, { command: import.meta.filename }],
    [
      'has no folder',
      [],
      'E_CONNECTION_FAILED',
      /\/no\/such\/folder does not exist/,
      { cwd: '/no/such/folder' },
    ],
    [
      'exits with its last lines',
      hostile('exit'),
      'E_SERVER_EXITED',
      /exit code 3\).*\n {2}starting\n {2}cannot find the configuration file/s,
    ],
    ['ends without a word', [], 'E_SERVER_EXITED', /exit code 0\).*wrote nothing/, { command: 'true' }],
    [
      'prints text and ends',
      hostile('prints', 'exit'),
      'E_NOT_MCP',
      /does not speak MCP.*Welcome to the weather!/s,
    ],
    ['prints without end', hostile('prints-forever'), 'E_NOT_MCP', /does not speak MCP.*noise noise/s],
    ['refuses the handshake', hostile('refuse'), 'E_NOT_MCP', /we are closed/],
  ];
  it.each(cases)('%s', async (_what, args, code, message, plan) => {
    await expect(bench.open(args, plan === undefined ? {} : { plan })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/./),
    });
  });

  it('prints text and stays, or says nothing: told apart at the time limit', async () => {
    await expect(bench.open(hostile('prints'), { startTimeoutMs: 3_000 })).rejects.toMatchObject({
      code: 'E_NOT_MCP',
    });
    await expect(bench.open(hostile('hang'), { startTimeoutMs: 3_000 })).rejects.toMatchObject({
      code: 'E_CONNECTION_TIMEOUT',
      message: expect.stringMatching(/did not answer within 3 s/),
    });
  });

  it('is given up when its opening is cancelled', async () => {
    const cancel = new AbortController();
    const opening = bench.open(hostile('hang'), { signal: cancel.signal });
    cancel.abort();
    await expect(opening).rejects.toThrow();
  });

  it('leaves nothing running', async () => {
    const other = await createBench();
    const mark = markOfHome(other.home);
    for (const mode of ['exit', 'refuse', 'hang']) {
      await expect(other.open(hostile(mode), { startTimeoutMs: 1_000 })).rejects.toThrow();
    }
    expect(listProcesses().filter(({ pid }) => hasVariable(pid, homeMark, mark))).toEqual([]);
    await other.close();
  });
});

describe('a server with manners of its own', () => {
  it('may print a banner first', async () => {
    const link = await bench.open(hostile('banner'));
    expect(textOf(await call(link, 'echo', { text: 'hi' }))).toBe('hi');
  });

  it('may leave when it is asked for its versions', async () => {
    const link = await bench.open(hostile('exit-on-probe'));
    expect(textOf(await call(link, 'echo', { text: 'hi' }))).toBe('hi');
  });

  it('is killed when it does not listen to SIGTERM', async () => {
    const link = await bench.open(hostile('stubborn'));
    const pid = Number(textOf(await call(link, 'pid')));
    await link.close();
    expect(isAlive(pid)).toBe(false);
  });
});

describe('a call that goes wrong', () => {
  it('times out, and the server is used on', async () => {
    const link = await bench.open(hostile());
    await expect(call(link, 'hang', {}, 200)).rejects.toMatchObject({ code: 'E_TOOL_TIMEOUT' });
    expect(textOf(await call(link, 'echo', { text: 'still here' }))).toBe('still here');
  });

  it('times out on a server that answers nothing any more, which is given up', async () => {
    const link = await bench.open(hostile('no-ping'));
    await expect(call(link, 'hang', {}, 200)).rejects.toMatchObject({ code: 'E_TOOL_TIMEOUT' });
    const { wasClosed, error } = await link.ended;
    expect(wasClosed).toBe(false);
    expect(error.message).toMatch(/was ended because it no longer answers/);
  });

  it('is cancelled', async () => {
    const link = await bench.open(hostile());
    const cancel = new AbortController();
    const hanging = link.callTool('hang', {}, { timeoutMs: 60_000, signal: cancel.signal });
    cancel.abort();
    await expect(hanging).rejects.toMatchObject({ code: 'E_CANCELLED' });
  });

  it('ends with the server, whose last words are told to every waiting call', async () => {
    const link = await bench.open(hostile());
    const waiting = call(link, 'hang');
    const dying = call(link, 'die');
    const told = {
      code: 'E_SERVER_EXITED',
      message: expect.stringMatching(/exit code 7\).*the last words of the server/s),
    };
    await expect(dying).rejects.toMatchObject(told);
    await expect(waiting).rejects.toMatchObject(told);
    expect((await link.ended).wasClosed).toBe(false);
    await expect(call(link, 'echo')).rejects.toMatchObject(told);
  });

  it('fails alone when its answer is too long', async () => {
    const link = await bench.open(hostile());
    await expect(call(link, 'big', { count: 2_000_000 })).rejects.toMatchObject({
      code: 'E_TOOL_FAILED',
      message: expect.stringMatching(/2 MiB/),
    });
    expect(textOf(await call(link, 'echo', { text: 'still here' }))).toBe('still here');
  });

  it('is cut when its result is long', async () => {
    const link = await bench.open(hostile());
    const text = textOf(await call(link, 'big', { count: 700_000 }));
    expect(text.length).toBeLessThan(530_000);
    expect(text).toMatch(/\[cut: 700000 characters in all\]$/);
  });

  it('ends the server when it floods us without an end', async () => {
    const link = await bench.open(hostile());
    const before = process.memoryUsage().rss;
    await expect(call(link, 'flood', { count: 200 })).rejects.toMatchObject({
      code: 'E_CONNECTION_FAILED',
      message: expect.stringMatching(/message of more than/),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1_048_576);
  });

  it('ends the server when it floods us with messages', async () => {
    const link = await bench.open(hostile(), { maxMessageBytes: 4 * 1_048_576 });
    await expect(call(link, 'noise', { count: 100 })).rejects.toMatchObject({
      code: 'E_CONNECTION_FAILED',
      message: expect.stringMatching(/floods/),
    });
  });

  it.each([1_000, 40_000])('is refused a result that is nested %i deep', async (count) => {
    const link = await bench.open(hostile());
    await expect(call(link, 'deep', { count })).rejects.toMatchObject({
      code: expect.stringMatching(/^E_(TOOL|CONNECTION)_FAILED$/),
    });
  });

  it('tells what the server said', async () => {
    const link = await bench.open(hostile());
    await expect(call(link, 'nothing')).rejects.toMatchObject({
      code: 'E_TOOL_FAILED',
      message: expect.stringMatching(/no tool nothing/),
    });
    expect(await call(link, 'fail')).toMatchObject({ isError: true });
    await call(link, 'junk', { count: 3 });
    expect(textOf(await call(link, 'echo', { text: 'still here' }))).toBe('still here');
  });
});

describe('ending a server', () => {
  it('ends what it started, in another session, with its parent gone', async () => {
    const link = await bench.open(hostile());
    const straggler = Number(textOf(await call(link, 'straggler')));
    expect(isAlive(straggler)).toBe(true);
    await link.close();
    expect(isAlive(straggler)).toBe(false);
  });

  it('ends what it left behind when it died by itself', async () => {
    const link = await bench.open(hostile());
    const straggler = Number(textOf(await call(link, 'straggler')));
    await expect(call(link, 'die')).rejects.toThrow();
    await link.close();
    await until(() => !isAlive(straggler));
  });
});

describe('a package manager', () => {
  /** Stands in for npx: what it downloads is whole only if it was not ended in the middle. */
  const manager = `#!/bin/sh
    if [ -e "$npm_config_cache/half" ]; then echo 'a broken package' >&2; exit 1; fi
    mkdir -p "$npm_config_cache"
    : >"$npm_config_cache/half"
    if [ "$1" = never ]; then exec sleep 600; fi
    until [ -e "$2" ]; do sleep 0.2; done
    rm "$npm_config_cache/half"
    npm_lifecycle_event=npx node "$1"
  `;
  /** Compiled parts are for one interface of Node.js. */
  const npm = `npm-${process.versions.modules}`;
  let npx: string;
  let release: string;
  const place = (id: string) => path.join(bench.home, 'connections', id, 'packages');
  beforeAll(() => {
    npx = path.join(bench.home, 'tools/npx');
    release = path.join(bench.home, 'released');
    mkdirSync(path.dirname(npx));
    writeFileSync(npx, manager, { mode: 0o755 });
  });

  it('is not hurried, and works in a place of the connection’s own, which stays', async () => {
    const id = newId();
    const opening = bench.open([hostileServer, release], {
      startTimeoutMs: 5_000,
      plan: { id, command: npx },
    });
    await until(() => existsSync(path.join(place(id), npm, 'half')));
    // Longer than a start may take.
    await sleep(5_500);
    writeFileSync(release, '');
    expect(textOf(await call(await opening, 'environment'))).toContain(path.join(place(id), npm));
    expect(readdirSync(place(id)).sort()).toEqual([npm]);
  });

  it('leaves nothing half done to the next start when it is ended all the same', async () => {
    const id = newId();
    const cancel = new AbortController();
    const given = bench.open(['never'], { signal: cancel.signal, plan: { id, command: npx } });
    await until(() => existsSync(path.join(place(id), npm, 'half')));
    cancel.abort();
    await expect(given).rejects.toMatchObject({ code: 'E_CANCELLED' });
    writeFileSync(release, '');
    const link = await bench.open([hostileServer, release], { plan: { id, command: npx } });
    expect(textOf(await call(link, 'echo', { text: 'whole' }))).toBe('whole');
  });

  it.each([
    [
      'npm error code SELF_SIGNED_CERT_IN_CHAIN',
      /a certificate that this machine does not know/,
      /NODE_EXTRA_CA_CERTS/,
    ],
    ['npm error code ECONNREFUSED', /registry cannot be reached/, /HTTPS_PROXY/],
    ['npm error code ENOTFOUND', /registry cannot be reached/, /Give it the network/],
    ['npm error code FETCH_ERROR', /registry cannot be reached/, /Try again/],
    ['npm error code E503', /registry is in trouble/, /later/],
    ['npm error code ERR_TLS_CERT_ALTNAME_INVALID', /certificate of another host/, /address of the registry/],
    ['npm error code E401', /refused its program/, /token/],
    ['npm error code ENOSPC', /the disk is full/, /Make room/],
    ['npm error code E404', /npm has no program of that name/, /spelled/],
    ['npm error code ETARGET', /no such version/, /leave it out/],
    ['npm error could not determine executable to run', /no program to run/, /a library/],
    ['npm error code EUSAGE', /ended before it was ready/, /Its last lines/],
  ])('says in words what "%s" means', async (line, words, remedy) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'alfred-npx-'));
    const failing = path.join(folder, 'npx');
    writeFileSync(failing, `#!/bin/sh\necho '${line}' >&2\nexit 1\n`, { mode: 0o755 });
    try {
      await expect(bench.open(['-y', 'a-server'], { plan: { command: failing } })).rejects.toMatchObject({
        code: 'E_SERVER_EXITED',
        message: expect.stringMatching(words),
        remedy: expect.stringMatching(remedy),
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('takes no other server at npm’s word', async () => {
    const args = ['-e', "console.error('npm error code E404'); process.exit(1)"];
    await expect(bench.open(args)).rejects.toMatchObject({
      code: 'E_SERVER_EXITED',
      message: expect.stringMatching(/ended before it was ready \(exit code 1\)/),
    });
  });

  const strict = here.find(({ kind }) => kind === 'bubblewrap' || kind === 'namespaces');
  it.skipIf(strict === undefined)(
    'is not waited for where it finds no network, and its walls give it none',
    async () => {
      const other = await createBench([], strict?.searchPath);
      const folder = mkdtempSync(path.join(tmpdir(), 'alfred-offline-'));
      const offline = path.join(folder, 'npx');
      const words = 'getaddrinfo ENOTFOUND registry.example';
      writeFileSync(offline, `#!/bin/sh\necho 'npm error ${words}' >&2\nexec sleep 600\n`, { mode: 0o755 });
      try {
        await expect(
          other.open(['-y', 'some-server'], {
            plan: { command: offline, sandbox: 'strict', network: false },
            // Its first words say enough: nobody waits for this.
            startTimeoutMs: 3_600_000,
          }),
        ).rejects.toMatchObject({
          code: 'E_CONNECTION_TIMEOUT',
          message: expect.stringMatching(/cannot reach the network[\s\S]*ENOTFOUND registry\.example/),
          remedy: expect.stringMatching(/Give it the network/),
        });
      } finally {
        await other.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );

  it('runs what it fetched by our own Node.js; a program of the machine is run by the machine’s, which may be older', async () => {
    const older = path.join(bench.home, 'older');
    mkdirSync(older);
    const node = `#!/bin/sh\nOLDER=yes exec '${process.execPath}' "$@"\n`;
    writeFileSync(path.join(older, 'node'), node, { mode: 0o755 });
    writeFileSync(release, '');
    const { inherited } = bench.deps;
    bench.deps.inherited = { ...inherited, PATH: `${older}:${inherited.PATH}` };
    const id = newId();
    mkdirSync(path.join(place(id), 'npm-115', '_npx'), { recursive: true });
    try {
      const seenBy = async (command: string) => {
        const link = await bench.open([hostileServer, release], { plan: { id, command } });
        return (JSON.parse(textOf(await call(link, 'environment'))) as Record<string, string>).OLDER;
      };
      expect(await seenBy(npx)).toBeUndefined();
      // Whatever another Node.js had built there is fetched anew.
      expect(readdirSync(place(id))).toEqual([npm]);
      expect(await seenBy('node')).toBe('yes');
    } finally {
      bench.deps.inherited = inherited;
    }
  });
});
