/** What an agent's process finds in its sandbox, seen from within; and that a prompt's mentions find no file there. */
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type SpawnedProcess, startup } from '@anthropic-ai/claude-agent-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareSession } from '../../tests/helpers/bare-session.ts';
import { type MessagesApi, startMessagesApi, userTextOf } from '../../tests/helpers/messages-api.ts';
import { kindsHere } from '../../tests/helpers/walls.ts';
import { newId } from '../kernel/ids.ts';
import { AgentSandbox } from './sandbox.ts';

const { PATH = '' } = process.env;
const kinds = (await kindsHere()).filter(({ kind }) => kind !== 'none');

let api: MessagesApi;
let home: string;
let folder: string;
let socket: string;
let door: Server;
beforeAll(async () => {
  api = await startMessagesApi(() => ({ text: 'Done.' }));
  home = mkdtempSync(path.join(tmpdir(), 'alfred a home-'));
  folder = path.join(home, 'runs', 'an agent');
  socket = path.join(home, 'model.sock');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(home, 'key'), 'the canary sings at 04:17');
  door = createServer((caller) => {
    const onward = connect(Number(new URL(api.url).port), '127.0.0.1');
    for (const end of [caller, onward]) end.on('error', () => {});
    caller.pipe(onward).pipe(caller);
  });
  await new Promise<void>((resolve) => door.listen(socket, resolve));
});
afterAll(async () => {
  await api.close();
  await new Promise((resolve) => door.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

const environment = () => ({
  PATH,
  HOME: folder,
  CLAUDE_CONFIG_DIR: folder,
  TMPDIR: folder,
  ANTHROPIC_UNIX_SOCKET: socket,
});

describe.each(kinds)('an agent behind $kind', ({ kind, searchPath }) => {
  const sandbox = new AgentSandbox(searchPath);
  /** Landlock hides what is in a file, and not that it is there. */
  const isMounted = kind !== 'landlock';

  /** What a program in the place of the agent's prints. */
  async function within(script: string): Promise<unknown> {
    const wrap = await sandbox.wrapping(folder);
    const env = environment();
    const { command, args } = wrap({
      command: process.execPath,
      args: ['--input-type=module', '-e', script],
      env,
    });
    const { stdout } = await promisify(execFile)(command, args, { env, cwd: folder });
    return JSON.parse(stdout);
  }

  it('sees libraries, its program and its folder, and writes to its folder alone', async () => {
    // Names that nothing else on this machine has.
    const elsewhere = ['/tmp', '/', '/usr/lib', '/etc', home].map((place) => path.join(place, newId()));
    const seen = await within(`
      import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
      const tried = (work) => { try { return work() ?? 'done'; } catch (error) { return error.code; } };
      const write = (file) => tried(() => writeFileSync(file, 'x'));
      console.log(JSON.stringify({
        cwd: process.cwd(),
        key: tried(() => readFileSync(${JSON.stringify(path.join(home, 'key'))}, 'utf8')),
        passwd: tried(() => readFileSync('/etc/passwd', 'utf8')),
        shell: tried(() => readFileSync('/usr/bin/env') && 'seen'),
        environment: tried(() => readFileSync('/proc/${process.pid}/environ', 'utf8') && 'seen'),
        home: tried(() => readdirSync(${JSON.stringify(home)}).sort()),
        root: tried(() => readdirSync('/').filter((name) => /^(home|root|var|srv|mnt|opt|sys)$/.test(name))),
        own: write('own.txt'),
        writes: ${JSON.stringify(elsewhere)}.map(write),
        processes: readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length,
      }));`);
    const no = isMounted ? 'ENOENT' : 'EACCES';
    expect(seen).toMatchObject({
      ...{ cwd: folder, own: 'done', key: no, passwd: no, environment: no },
      // The tools of the walls themselves can be seen where namespaces are built with them.
      shell: kind === 'namespaces' ? 'seen' : no,
      home: isMounted ? ['model.sock', 'runs'] : no,
    });
    const { root, writes, processes } = seen as { root: string[]; writes: string[]; processes: number };
    expect(writes.filter((code) => !['EROFS', 'ENOENT', 'EACCES'].includes(code))).toEqual([]);
    if (!isMounted) return;
    expect(processes).toBeLessThanOrEqual(3);
    // Of the root no more than the way to what is shown.
    const shown = [home, process.execPath].map((place) => place.split('/')[1]);
    expect(root.filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('reaches the model’s socket, and no address', async () => {
    const reach = (to: string) => `new Promise((resolve) => {
      const socket = connect(${to});
      socket.once('connect', () => { socket.destroy(); resolve('connected'); });
      socket.once('error', (error) => resolve(error.code));
    })`;
    const { port } = new URL(api.url);
    const seen = await within(`
      import { connect } from 'node:net';
      import { networkInterfaces } from 'node:os';
      const tried = (work) => { try { return work(); } catch (error) { return error.code; } };
      console.log(JSON.stringify({
        socket: await ${reach(JSON.stringify(socket))},
        loopback: await ${reach(`${port}, '127.0.0.1'`)},
        others: tried(() => Object.keys(networkInterfaces()).filter((name) => name !== 'lo')),
      }));`);
    expect(seen).toMatchObject({
      socket: 'connected',
      loopback: expect.stringMatching(/^(ECONNREFUSED|ENETUNREACH|EADDRNOTAVAIL|EACCES)$/),
      ...(isMounted ? { others: [] } : {}),
    });
  });

  it('is kept by it alone from files that a prompt names, with prompts read in the program’s own way', async () => {
    const wrap = await sandbox.wrapping(folder);
    const session = bareSession(folder, { url: 'http://model-proxy.invalid', key: 'none' });
    const warm = await startup({
      options: {
        ...session,
        systemPrompt: 'Answer.',
        model: 'claude-sonnet-5-5',
        maxTurns: 2,
        env: { ...session.env, ...environment() },
        spawnClaudeCodeProcess({ cwd, ...asked }) {
          const { command, args } = wrap(asked);
          return spawn(command, args, { cwd, env: asked.env }) as unknown as SpawnedProcess;
        },
      },
    });
    const query = warm.query(`See @"${home}/key" and @/etc/passwd, and @"${folder}/own.txt"`);
    for await (const message of query) if (message.type === 'result') break;
    query.close();
    const raw = api.requests.map((request) => request.raw).join('');
    expect(userTextOf(api.requests.at(-1)?.body ?? { model: '', messages: [] })).toContain(home);
    expect(raw).not.toContain('the canary sings');
    expect(raw).not.toContain('root:');
  });
});

it('starts as it is where no walls can be built', async () => {
  const without = new AgentSandbox('/nowhere');
  expect(await without.walls()).toMatchObject({ kind: 'none' });
  const asked = { command: '/a/claude', args: ['--x'], env: {} };
  expect((await without.wrapping(folder))(asked)).toEqual({ command: '/a/claude', args: ['--x'] });
});
