/** What a server can reach from inside its sandbox, behind each kind of walls that can be built here; and that real servers work there. */
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
import { kindsHere } from '../../../tests/helpers/walls.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { processNumbers, readCommandLine } from '../../processes/proc.ts';
import { ancestorsOf } from '../../processes/process-list.ts';
import type { CallToolResult, Link } from '../pool/link.ts';
import { Sandbox, type SandboxMode } from './sandbox.ts';

const kinds = await kindsHere();

const textOf = ({ content }: CallToolResult) =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');
const call = async (link: Link, tool: string, args = {}) =>
  textOf(await link.callTool(tool, args, { timeoutMs: 30_000 }));
const read = (link: Link, file: string) => call(link, 'read', { file });

const stragglers = (tag: string) =>
  processNumbers().filter((pid) => readCommandLine(pid)?.includes(`// ${tag}`));

describe.each(kinds)('behind walls of the kind $kind', ({ kind, searchPath }) => {
  let bench: Bench;
  let elsewhere: string;
  let outside: string;
  let listener: Server;
  beforeAll(async () => {
    elsewhere = await mkdtemp(path.join(tmpdir(), 'alfred-hidden-'));
    outside = await mkdtemp(path.join(tmpdir(), 'alfred-outside-'));
    await writeFile(path.join(elsewhere, 'socket'), 'hidden');
    listener = createServer();
    await new Promise<void>((resolve) => listener.listen(path.join(outside, 'listener'), resolve));
    await writeFile(path.join(outside, 'file'), 'of the owner');
    const hide = [elsewhere, path.join(outside, 'key'), path.join(outside, 'listener')];
    bench = await createBench(hide, searchPath);
    await writeFile(path.join(outside, 'key'), 'root key');
    for (const folder of ['keys', 'postgres', 'samples', 'connections/another']) {
      await mkdir(path.join(bench.home, folder), { recursive: true });
      await writeFile(path.join(bench.home, folder, 'file'), `in ${folder}`);
    }
    await writeFile(path.join(bench.home, 'cli-token'), 'the owner is me');
  });
  afterAll(async () => {
    await bench.close();
    listener.close();
    for (const folder of [elsewhere, outside]) await rm(folder, { recursive: true });
  });

  const hasWalls = kind !== 'none';
  const isMounted = kind === 'bubblewrap' || kind === 'namespaces';
  const refused = /ENOENT|EACCES|EISDIR|EPERM|EROFS/;
  const open = (sandbox: SandboxMode, plan: { paths?: string[]; network?: boolean } = {}) =>
    bench.open([hostileServer], { plan: { sandbox, network: false, ...plan } });

  it('says what kind they are', async () => {
    const found = await bench.deps.sandbox.walls();
    expect(found.kind).toBe(kind);
    expect(found.reasons.includes('bwrap is not installed')).toBe(kind !== 'bubblewrap');
  });

  it("hides what is the VM's, by every way to it, and leaves the rest", async () => {
    const link = await open('default');
    const { home } = bench;
    const hidden = ['keys/file', 'postgres/file', 'cli-token', 'connections/another/file'];
    for (const file of [...hidden.map((name) => path.join(home, name)), path.join(elsewhere, 'socket')]) {
      const ways = [
        '',
        '/proc/self/root',
        '/proc/1/root',
        `/proc/${process.pid}/root`,
        '/proc/self/cwd/../../../../..',
      ];
      for (const way of hasWalls ? ways : ['']) {
        const seen = await read(link, `${way}${file}`);
        expect([way, file, seen]).toEqual([
          ...[way, file],
          hasWalls ? expect.stringMatching(refused) : await readFile(file, 'utf8'),
        ]);
      }
    }
    if (hasWalls) expect(await read(link, path.join(outside, 'key'))).toMatch(/^$|EACCES/);
    expect(await call(link, 'connect', { file: path.join(outside, 'listener') })).toMatch(
      hasWalls ? /ENOTSOCK|ECONNREFUSED|EACCES/ : /^connected$/,
    );
    for (const file of [path.join(outside, 'file'), path.join(home, 'samples/file')])
      expect(await read(link, file)).toBe(await readFile(file, 'utf8'));
  });

  it("leaves root its way with other users' files, and no way to the disk", async () => {
    if (process.getuid?.() !== 0) return;
    const file = path.join(outside, 'of-another');
    await writeFile(file, 'of another', { mode: 0o600 });
    await chown(file, 4_242, 4_242);
    const link = await open('default');
    expect(await read(link, file)).toBe('of another');
    if (!hasWalls) return;
    expect(await read(link, '/dev/kmsg')).toMatch(/ENOENT|EACCES/);
    expect(await call(link, 'write', { file: '/sys/kernel/uevent_helper' })).toMatch(refused);
    expect(await call(link, 'write', { file: '/proc/sys/kernel/core_pattern' })).toMatch(refused);
  });

  it('hides what our processes know, whose memory and environment hold secrets', async () => {
    const link = await open('default');
    const ours = await readFile(`/proc/${process.pid}/environ`, 'utf8');
    // Another process may have our number in there.
    expect((await read(link, `/proc/${process.pid}/environ`)) === ours).toBe(!hasWalls);
    const stat = await readFile(`/proc/${process.pid}/stat`, 'utf8');
    const theirs = await read(link, `/proc/${process.pid}/stat`);
    expect(theirs.split(' ')[21] === stat.split(' ')[21]).toBe(!isMounted);
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
    expect(result.isError === true).toBe(hasWalls);
  });

  it('lets real servers work', async () => {
    const work = await mkdtemp(path.join(tmpdir(), 'alfred-work-'));
    const files = await bench.open([realServer('server-filesystem'), work], { plan: { sandbox: 'default' } });
    const note = path.join(work, 'note');
    await call(files, 'write_file', { path: note, content: 'kept' });
    expect(await call(files, 'read_text_file', { path: note })).toContain('kept');
    expect(await call(files, 'list_directory', { path: work })).toContain('note');
    const everything = await bench.open([realServer('server-everything')], { plan: { sandbox: 'default' } });
    expect(await call(everything, 'echo', { message: 'here' })).toContain('here');
    await rm(work, { recursive: true });
  });

  it('builds them without what a server could have left for its next start', async () => {
    const id = newId();
    const own = path.join(bench.home, 'connections', id);
    const mark = path.join(outside, 'was-here');
    await mkdir(own);
    await writeFile(path.join(own, 'evil.pm'), `open(my $file, '>', '${mark}'); 1;`);
    await writeFile(path.join(own, 'evil.sh'), `: >'${mark}'`);
    const env = { PERL5LIB: own, PERL5OPT: '-Mevil', BASH_ENV: path.join(own, 'evil.sh') };
    const link = await bench.open([hostileServer], { plan: { id, env, sandbox: 'default' } });
    expect(JSON.parse(await call(link, 'environment'))).toMatchObject(env);
    await expect(readFile(mark)).rejects.toThrow('ENOENT');
  });

  it('ends a straggler that shed its marks as well, where they hold processes together', async () => {
    const tag = `straggler-${kind}-${process.pid}`;
    const link = await open('default');
    await call(link, 'straggler', { scrubbed: true, tag });
    await until(() => stragglers(tag).length === 1);
    // Its parent hangs up a moment before it is gone, and until then the straggler counts as the server's.
    const server = Number(await call(link, 'pid'));
    if (!isMounted) await until(() => !stragglers(tag).some((pid) => ancestorsOf(pid).has(server)));
    await link.close();
    // The kernel ends it with its namespace. Elsewhere nothing ties such a process to us any more: its parent, group and
    // marks are gone.
    if (isMounted) await until(() => stragglers(tag).length === 0);
    expect(stragglers(tag)).toHaveLength(isMounted ? 0 : 1);
    for (const pid of stragglers(tag)) process.kill(pid, 'SIGKILL');
  });

  describe('the strict sandbox', () => {
    it.skipIf(isMounted)('is refused where it cannot be had', async () => {
      await expect(open('strict')).rejects.toMatchObject({
        code: 'E_CONNECTION_FAILED',
        remedy: expect.stringMatching(/Install bubblewrap/),
      });
    });

    it.runIf(isMounted)('leaves what is declared, and nothing else', async () => {
      const link = await open('strict', { paths: [outside] });
      for (const file of ['keys/file', 'cli-token', 'samples/file', 'connections/another/file'])
        expect(await read(link, path.join(bench.home, file))).toMatch(/ENOENT/);
      for (const file of ['/etc/shadow', '/root/.bashrc', `/proc/1/root${bench.home}/keys/file`])
        expect(await read(link, file)).toMatch(/ENOENT|EACCES/);
      expect(await read(link, path.join(outside, 'file'))).toBe('of the owner');
      expect(await call(link, 'write', { file: '/tmp/x' })).toBe('written');
      expect(await call(link, 'write', { file: '/usr/x' })).toMatch(refused);
      const environment = JSON.parse(await call(link, 'environment'));
      expect(environment.HOME).toContain(`${bench.home}/connections/`);
    });

    it.runIf(isMounted)('runs real servers', async () => {
      const link = await bench.open([realServer('server-filesystem'), outside], {
        plan: { sandbox: 'strict', paths: [outside], network: false },
      });
      expect(await call(link, 'read_text_file', { path: path.join(outside, 'file') })).toContain(
        'of the owner',
      );
    });

    it.runIf(isMounted)('has the network only where that is declared', async () => {
      const server = createServer((socket) => socket.end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      try {
        const cut = await call(await open('strict'), 'connect', { count: port });
        expect(cut).toMatch(/ECONNREFUSED|ENETUNREACH|EADDRNOTAVAIL/);
        const whole = await call(await open('strict', { network: true }), 'connect', { count: port });
        expect(whole).toBe('connected');
      } finally {
        server.close();
      }
    });
  });
});

it('runs the default without walls where there are none, as it is', async () => {
  const sandbox = new Sandbox({ home: tmpdir(), hide: [], searchPath: '/no/such/folder' });
  const request = {
    ...{ program: '/bin/true', args: [], cwd: '/', ownFolder: tmpdir(), paths: [], words: [], loaders: [] },
    ...{ userHome: '/nowhere', network: false },
  };
  expect(await sandbox.wrap({ ...request, mode: 'default' })).toMatchObject({
    kind: 'none',
    program: '/bin/true',
  });
  await expect(sandbox.wrap({ ...request, mode: 'strict' })).rejects.toBeInstanceOf(AlfredError);
});
