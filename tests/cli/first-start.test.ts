/** The first quarter of an hour with a VM, from an empty home, as somebody without any account lives it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Execution } from '../../src/contract/executions.ts';
import { runInProcess } from '../helpers/cli-io.ts';
import { expectNothingLeft, makeHome, runCli, startTestVm, type TestVm } from '../helpers/vm.ts';

let vm: TestVm;
/** In this process where it makes no difference, which is quicker than a program each time. */
const alfred = (argv: string[]) => runInProcess(vm.home, argv);

beforeAll(async () => {
  // As many agents stand ready as there are where nobody says otherwise.
  vm = await startTestVm({ home: await makeHome(), env: { ALFRED_SPARE_AGENTS: '1' } });
});
afterAll(async () => {
  await vm.stop();
});

describe('the first start', () => {
  it('says which model answers, and what each stage is', () => {
    expect(vm.model).toEqual({ name: 'rehearsal', isRehearsal: true, hasApiKey: false });
    expect(vm.signInUrl).toContain('#code=');
  });

  it('prints a link that signs in, once', async () => {
    const code = new URL(vm.signInUrl).hash.replace('#code=', '');
    const signIn = () =>
      fetch(new URL('/api/v1/session', vm.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: vm.url },
        body: JSON.stringify({ code }),
      });
    const first = await signIn();
    expect(first.status).toBe(200);
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly/);
    expect((await signIn()).status).toBe(401);
  });

  it('makes a home that nobody else can look into', () => {
    expect(statSync(vm.home).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(vm.home, 'cli-token')).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(vm.home, 'keys', 'vm_encryption_secret')).mode & 0o777).toBe(0o600);
  });

  it('has a demonstration standing ready', async () => {
    const connections = await alfred(['connection', 'list']);
    expect(connections.code).toBe(0);
    expect(connections.stdout).toMatch(/^files +ready +14 /m);
    expect(connections.stdout).toMatch(/^memory +ready +9 /m);
    const skills = await alfred(['skill', 'list']);
    expect(skills.stdout).toMatch(/^house-report +manual +2 +0 +never +House report$/m);
    expect(skills.stdout).toMatch(/^teach-new-skill /m);
  });

  it('is found in order by doctor and status', async () => {
    const doctor = await alfred(['doctor']);
    expect(doctor.code).toBe(0);
    expect(doctor.stdout).toMatch(new RegExp(`^✓ server +${vm.url}`, 'm'));
    const status = await alfred(['status']);
    expect(status.code).toBe(0);
    expect(status.stdout).toMatch(/^model +rehearsal/m);
    expect(status.stdout).toMatch(/^connections +2 ready$/m);
  });
});

describe('alfred skill run house-report', () => {
  it('shows steps and calls as they happen, then output, cost and id', async () => {
    const run = await vm.cli(['skill', 'run', 'house-report']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('step 1 of 2');
    expect(run.stderr).toMatch(/^ {2}✓ files · list_directory\(path: "\."\) +\d+ ms$/m);
    expect(run.stderr).toMatch(/^ {2}✓ files · read_multiple_files\(/m);
    expect(run.stderr).toContain('step 2 of 2');
    expect(run.stderr).toMatch(/^ {2}✓ memory · read_graph\(/m);
    expect(run.stdout).toMatch(/rehearsal/i);
    expect(run.stdout).toMatch(/^succeeded · [\d.]+ m?s · [\d,]+ tokens · no cost \(rehearsal\)$/m);
    expect(run.stdout).toMatch(/^execution [0-9a-f-]{36}$/m);
  });

  it('is one JSON document with --json, with true results of the tools', async () => {
    const run = await vm.cli(['skill', 'run', 'house-report', '--json']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const execution = run.json() as Execution;
    expect(execution).toMatchObject({
      status: 'succeeded',
      skillSlug: 'house-report',
      mode: 'rehearsal',
      model: 'rehearsal',
    });
    expect(execution.toolCalls.every(({ status }) => status === 'done')).toBe(true);
    const results = JSON.stringify(execution.toolCalls.map(({ result }) => result));
    expect(results).toContain('maintenance.md');
    expect(results).toContain('Nowak Heating');
  });

  it('can be read again afterwards', async () => {
    const list = await alfred(['execution', 'list']);
    expect(list.stdout.match(/house-report +succeeded/g)).toHaveLength(2);
    const id = /^([0-9a-f-]{36}) /m.exec(list.stdout)?.[1] ?? '';
    for (const name of [id, id.slice(-8), 'last']) {
      const shown = await alfred(['execution', 'show', name]);
      expect(shown.code).toBe(0);
      expect(shown.stdout).toContain(id);
      expect(shown.stdout).toMatch(/✓ memory · read_graph/);
    }
    const output = await alfred(['execution', 'show', 'last', '--output']);
    const quiet = await alfred(['skill', 'run', 'house-report', '-q']);
    expect(output.stdout.split('\n')[0]).toBe(quiet.stdout.split('\n')[0]);
    expect(quiet.stdout).not.toContain('succeeded ·');
  });
});

describe('a second start', () => {
  it('on the same home says that it is running, where, and ends with 1', async () => {
    const second = await runCli(vm.home, ['start'], { env: { ALFRED_PORT: new URL(vm.url).port } });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('already running');
    expect(second.stderr).toContain(vm.url);
    expect((await alfred(['status'])).code).toBe(0);
  });

  it('on another home with the port taken says so, and names the variable', async () => {
    const other = await makeHome();
    const second = await runCli(other, ['start'], { env: { ALFRED_PORT: new URL(vm.url).port } });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('taken');
    expect(second.stderr).toContain('ALFRED_PORT');
    expect(readdirSync(other).filter((name) => name !== 'lock.sqlite')).toEqual([]);
    await rm(other, { recursive: true });
  });
});

describe('removing the demonstration', () => {
  it('is refused in the wrong order, and respected at later starts', async () => {
    const inUse = await alfred(['connection', 'remove', 'files']);
    expect(inUse.code).toBe(4);
    expect(inUse.stderr).toContain('house-report');
    for (const line of ['skill remove house-report', 'connection remove files', 'connection remove memory']) {
      expect(await alfred(line.split(' '))).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('is removed'),
      });
    }
    await vm.stop({ keepHome: true });
    vm = await startTestVm({ home: vm.home });
    expect((await alfred(['connection', 'list', '--json'])).json()).toEqual({ items: [], nextCursor: null });
    expect((await alfred(['skill', 'show', 'house-report'])).code).toBe(3);
    expect((await alfred(['execution', 'list'])).stdout.match(/house-report/g)).toHaveLength(3);
  });
});

describe('stopping', () => {
  /** `alfred start` as a person types it, at its first words: on stdout when it is ready, on stderr before. */
  async function begin(home: string, until: 'stdout' | 'stderr') {
    const program = path.resolve(import.meta.dirname, '../../bin/alfred.js');
    const child = spawn(process.execPath, [program, 'start'], {
      env: { PATH: process.env.PATH, HOME: home, ALFRED_HOME: home, ALFRED_PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    }
    await once(child[until], 'data');
    return { child, closed: once(child, 'close') as Promise<[number | null]>, said: () => said };
  }

  it('on Ctrl-C ends all it started and says so, also after an earlier start was killed', async () => {
    const killed = await startTestVm();
    killed.process.kill('SIGKILL');
    await once(killed.process, 'close');
    const { child, closed, said } = await begin(killed.home, 'stdout');
    expect((await runCli(killed.home, ['skill', 'show', 'house-report'])).code).toBe(0);
    // npm and the terminal both pass a key press on: it counts once.
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await closed).toEqual([0, null]);
    expect(said()).toContain('npx alfred skill run house-report');
    expect(said()).toContain('stopped: agents, connections and the database');
    await expectNothingLeft(killed.home);
    await rm(killed.home, { recursive: true });
  });

  it('while it is still starting gives the start up, and leaves nothing', async () => {
    const home = await makeHome();
    const { child, closed } = await begin(home, 'stderr');
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    await expectNothingLeft(home);
    await rm(home, { recursive: true });
  });
});

it('refuses a port that is another program’s before it makes anything', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const home = await makeHome();
  const start = await runCli(home, ['start', '--json'], { env: { ALFRED_PORT: String(port) } });
  taken.close();
  expect(start.code).toBe(1);
  expect(start.json()).toMatchObject({ error: { code: 'E_PORT_TAKEN' } });
  await rm(home, { recursive: true });
});
