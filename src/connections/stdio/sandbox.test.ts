/**
 * What a server can reach from inside its sandbox. Where bubblewrap does not work, the same tests hold what is promised
 * there: `default` runs without one, `strict` refuses.
 */
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Bench,
  createBench,
  hostileServer,
  realServer,
  until,
} from '../../../tests/helpers/mcp/stdio-link.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { processNumbers, readCommandLine } from '../../processes/proc.ts';
import type { CallToolResult, Link } from '../pool/link.ts';
import { probeSandbox, Sandbox, type SandboxMode } from './sandbox.ts';

let bench: Bench;
let elsewhere: string;
let outside: string;
let listener: Server;
let works: boolean;
beforeAll(async () => {
  elsewhere = await mkdtemp(path.join(tmpdir(), 'alfred-hidden-'));
  outside = await mkdtemp(path.join(tmpdir(), 'alfred-outside-'));
  await writeFile(path.join(elsewhere, 'socket'), 'hidden');
  listener = createServer();
  await new Promise<void>((resolve) => listener.listen(path.join(outside, 'listener'), resolve));
  await writeFile(path.join(outside, 'file'), 'of the owner');
  bench = await createBench([elsewhere, path.join(outside, 'key'), path.join(outside, 'listener')]);
  await writeFile(path.join(outside, 'key'), 'root key');
  for (const folder of ['keys', 'postgres', 'samples']) {
    await mkdir(path.join(bench.home, folder));
    await writeFile(path.join(bench.home, folder, 'file'), `in ${folder}`);
  }
  await writeFile(path.join(bench.home, 'cli-token'), 'the owner is me');
  works = (await bench.deps.sandbox.support()).works;
});
afterAll(async () => {
  await bench.close();
  listener.close();
  for (const folder of [elsewhere, outside]) await rm(folder, { recursive: true });
});

const textOf = ({ content }: CallToolResult) =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');
const open = (sandbox: SandboxMode, plan: { paths?: string[]; network?: boolean } = {}) =>
  bench.open([hostileServer], { plan: { sandbox, network: false, ...plan } });
const read = async (link: Link, file: string) =>
  textOf(await link.callTool('read', { file }, { timeoutMs: 30_000 }));
const call = async (link: Link, tool: string, args = {}) =>
  textOf(await link.callTool(tool, args, { timeoutMs: 30_000 }));

const stragglers = (tag: string) =>
  processNumbers().filter((pid) => readCommandLine(pid)?.includes(`// ${tag}`));

/** What is promised with bubblewrap, and what without. */
const promised = async (link: Link, file: string, isSeen: { with: boolean; without: boolean }) => {
  const isThere = works ? isSeen.with : isSeen.without;
  expect([file, await read(link, file)]).toEqual([
    file,
    isThere ? await readFile(file, 'utf8') : expect.stringMatching(/ENOENT|EACCES|EISDIR/),
  ]);
};

it('says whether bubblewrap works, and why not', async () => {
  const support = await bench.deps.sandbox.support();
  expect(support.works ? support.file : support.reason).toMatch(/bwrap/);
  expect(await probeSandbox('/no/such/folder')).toEqual({
    works: false,
    reason: 'bubblewrap (bwrap) is not installed',
  });
});

describe('the default sandbox', () => {
  it("hides what is the VM's, and leaves the rest", async () => {
    const link = await open('default');
    const hidden = { with: false, without: true };
    for (const file of ['keys/file', 'postgres/file', 'cli-token'])
      await promised(link, path.join(bench.home, file), hidden);
    await promised(link, path.join(elsewhere, 'socket'), hidden);
    if (works) expect(await read(link, path.join(outside, 'key'))).toMatch(/^$|EACCES/);
    expect(await call(link, 'connect', { file: path.join(outside, 'listener') })).toMatch(
      works ? /ENOTSOCK|ECONNREFUSED|EACCES/ : /^connected$/,
    );
    const left = { with: true, without: true };
    await promised(link, path.join(outside, 'file'), left);
    await promised(link, path.join(bench.home, 'samples/file'), left);
  });

  it("leaves root its way with other users' files, and no way to the disk", async () => {
    if (process.getuid?.() !== 0) return;
    const file = path.join(outside, 'of-another');
    await writeFile(file, 'of another', { mode: 0o600 });
    await chown(file, 4_242, 4_242);
    const link = await open('default');
    expect(await read(link, file)).toBe('of another');
    if (works) expect(await read(link, '/dev/kmsg')).toMatch(/ENOENT|EACCES/);
    if (works)
      expect(await call(link, 'write', { file: '/sys/kernel/uevent_helper' })).toMatch(/EROFS|ENOENT|EACCES/);
  });

  it('hides our processes, whose memory and environment hold secrets', async () => {
    const link = await open('default');
    const ours = await readFile(`/proc/${process.pid}/stat`, 'utf8');
    const theirs = await read(link, `/proc/${process.pid}/stat`);
    // Another process may have our number in there.
    expect(theirs.split(' ')[21] === ours.split(' ')[21]).toBe(!works);
  });

  it('leaves a server the folders that are shared, to write as well', async () => {
    const file = path.join(bench.home, 'samples/memory.jsonl');
    const link = await bench.open([realServer('server-memory')], {
      plan: { sandbox: 'default', env: { MEMORY_FILE_PATH: file } },
    });
    const entities = [{ name: 'Ada', entityType: 'person', observations: ['likes tea'] }];
    expect(await call(link, 'create_entities', { entities })).toContain('Ada');
    expect(await readFile(file, 'utf8')).toContain('likes tea');
  });

  it('does not let anything seem to be written where it is lost', async () => {
    const link = await bench.open([realServer('server-memory')], {
      plan: { sandbox: 'default', env: { MEMORY_FILE_PATH: path.join(bench.home, 'keys/memory.jsonl') } },
    });
    const entities = [{ name: 'Ada', entityType: 'person', observations: ['likes tea'] }];
    const result = await link.callTool('create_entities', { entities }, { timeoutMs: 30_000 });
    expect(result.isError === true).toBe(works);
  });

  it('ends a straggler that shed its marks as well', async () => {
    const tag = `straggler-${process.pid}`;
    const link = await open('default');
    await call(link, 'straggler', { scrubbed: true, tag });
    await until(() => stragglers(tag).length === 1);
    await link.close();
    // The kernel ends it with its namespace. Without bubblewrap nothing ties such a process to us any more: its parent,
    // group and marks are gone.
    if (works) await until(() => stragglers(tag).length === 0);
    expect(stragglers(tag)).toHaveLength(works ? 0 : 1);
    for (const pid of stragglers(tag)) process.kill(pid, 'SIGKILL');
  });
});

describe('the strict sandbox', () => {
  it('is refused where it cannot be had', async () => {
    const sandbox = new Sandbox({ home: bench.home, hide: [], searchPath: '/no/such/folder' });
    const request = {
      program: '/bin/true',
      args: [],
      cwd: '/',
      ownFolder: bench.home,
      paths: [],
      words: [],
      userHome: '/nowhere',
      network: false,
    };
    await expect(sandbox.wrap({ ...request, mode: 'strict' })).rejects.toMatchObject({
      code: 'E_CONNECTION_FAILED',
      remedy: expect.stringMatching(/Install bubblewrap/),
    });
    expect(await sandbox.wrap({ ...request, mode: 'default' })).toMatchObject({
      level: 'none',
      program: '/bin/true',
    });
  });

  it('leaves what is declared, and nothing else', async () => {
    if (!works) {
      await expect(open('strict')).rejects.toBeInstanceOf(AlfredError);
      return;
    }
    const link = await open('strict', { paths: [outside] });
    for (const file of ['keys/file', 'cli-token', 'samples/file']) {
      expect(await read(link, path.join(bench.home, file))).toMatch(/ENOENT/);
    }
    expect(await read(link, '/etc/shadow')).toMatch(/ENOENT/);
    expect(await read(link, '/root/.bashrc')).toMatch(/ENOENT/);
    expect(await read(link, path.join(outside, 'file'))).toBe('of the owner');
    const environment = JSON.parse(await call(link, 'environment'));
    expect(environment.HOME).toContain(`${bench.home}/connections/`);
  });

  it('runs real servers', async () => {
    const opening = bench.open([realServer('server-filesystem'), outside], {
      plan: { sandbox: 'strict', paths: [outside], network: false },
    });
    if (!works) {
      await expect(opening).rejects.toBeInstanceOf(AlfredError);
      return;
    }
    expect(await call(await opening, 'read_text_file', { path: path.join(outside, 'file') })).toContain(
      'of the owner',
    );
  });

  it('has the network only where that is declared', async () => {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      if (!works) {
        await expect(open('strict', { network: true })).rejects.toBeInstanceOf(AlfredError);
        return;
      }
      expect(await call(await open('strict'), 'connect', { count: port })).toMatch(
        /ECONNREFUSED|ENETUNREACH/,
      );
      expect(await call(await open('strict', { network: true }), 'connect', { count: port })).toBe(
        'connected',
      );
    } finally {
      server.close();
    }
  });
});
