import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireHomeLock, readHomeLock } from './home-lock.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'alfred-lock-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Another process that takes the lock, says so, and keeps it until it is killed. */
async function holdElsewhere() {
  const module = fileURLToPath(new URL('./home-lock.ts', import.meta.url));
  const code = `const { acquireHomeLock } = await import(${JSON.stringify(module)});
    try { await acquireHomeLock(${JSON.stringify(home)}); console.log('taken'); setInterval(() => {}, 1000); }
    catch (error) { console.log(error.code); }`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  return { child, said: String(said).trim() };
}

test('is held by one, told to the next with process and address, and free again after release', async () => {
  const lock = await acquireHomeLock(home);
  await expect(acquireHomeLock(home)).rejects.toMatchObject({
    code: 'E_ALREADY_RUNNING',
    message: expect.stringContaining(`process ${process.pid}`),
  });
  await lock.setAddress('http://127.0.0.1:4280');
  await expect(acquireHomeLock(home)).rejects.toThrow('at http://127.0.0.1:4280');
  expect(await readHomeLock(home)).toMatchObject({ pid: process.pid, address: 'http://127.0.0.1:4280' });
  await lock.release();
  expect(await readHomeLock(home)).toBeUndefined();
  await (await acquireHomeLock(home)).release();
  expect(await readdir(home)).toEqual([]);
});

test('makes the home when it is not there', async () => {
  const lock = await acquireHomeLock(path.join(home, 'new', 'home'));
  await lock.release();
});

test('a killed holder does not stand in the way', async () => {
  const { child, said } = await holdElsewhere();
  expect(said).toBe('taken');
  await expect(acquireHomeLock(home)).rejects.toMatchObject({ code: 'E_ALREADY_RUNNING' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await readHomeLock(home)).toBeUndefined();
  await (await acquireHomeLock(home)).release();
});

test('neither does another process that has the number of the one that is gone', async () => {
  const stale = {
    pid: process.ppid,
    started: 'another boot:1',
    since: new Date().toISOString(),
    address: null,
  };
  await writeFile(path.join(home, 'lock'), JSON.stringify(stale));
  await (await acquireHomeLock(home)).release();
});

test('nor a file that is no lock, nor one who died while removing a stale lock', async () => {
  await writeFile(path.join(home, 'lock'), 'junk');
  await (await acquireHomeLock(home)).release();
  await mkdir(path.join(home, 'lock.removing'));
  await (await acquireHomeLock(home)).release();
});

test('of many that find a stale lock at once, one takes it', async () => {
  await writeFile(path.join(home, 'lock'), 'junk');
  const tries = await Promise.allSettled(Array.from({ length: 12 }, () => acquireHomeLock(home)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
