import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endStragglers } from './end-stragglers.ts';
import { homeMark, markOfHome } from './marks.ts';
import { hasVariable, listProcesses } from './process-list.ts';

const log = pino({ level: 'silent' });
const program = path.resolve(import.meta.dirname, '../../tests/helpers/mcp/abandon-server.ts');
let homes: string[] = [];
beforeEach(async () => {
  homes = await Promise.all([0, 1].map(() => mkdtemp(path.join(tmpdir(), 'alfred-killed-'))));
});
afterEach(async () => {
  for (const home of homes) {
    await endStragglers(home, { log });
    await rm(home, { recursive: true });
  }
});

const ofHome = (home: string) =>
  listProcesses().filter(({ pid, isZombie }) => !isZombie && hasVariable(pid, homeMark, markOfHome(home)));

/** A VM with a server and a straggler of it, killed. */
async function kill(home: string, sandbox: string): Promise<void> {
  const vm: ChildProcess = spawn(process.execPath, [program, home, sandbox], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (vm.stdout === null) throw new TypeError('it has a pipe');
  await once(vm.stdout, 'data');
  vm.kill('SIGKILL');
  await once(vm, 'exit');
}

it('ends what a killed VM left behind, of its own home alone', async () => {
  const [home = '', other = ''] = homes;
  await kill(home, 'off');
  await kill(other, 'off');
  expect(ofHome(home).length).toBeGreaterThanOrEqual(2);
  const left = ofHome(other).length;
  expect(left).toBeGreaterThanOrEqual(2);
  expect(await endStragglers(home, { log })).toBeGreaterThanOrEqual(2);
  expect(ofHome(home)).toEqual([]);
  expect(ofHome(other)).toHaveLength(left);
  expect(await endStragglers(home, { log })).toBe(0);
});

it('finds little to do where a sandbox ended with its VM', async () => {
  const [home = ''] = homes;
  await kill(home, 'default');
  await endStragglers(home, { log });
  expect(ofHome(home)).toEqual([]);
});
