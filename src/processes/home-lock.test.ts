import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireHomeLock, readHomeLock } from './home-lock.ts';
import { readBoot } from './proc.ts';
import { lookAt } from './process-identity.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'alfred-lock-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const words = () => path.join(home, 'lock');

/** A program that takes the lock, says so with its number, and keeps it until it is killed. */
function holder(after = ''): string {
  const module = fileURLToPath(new URL('./home-lock.ts', import.meta.url));
  return `const { acquireHomeLock } = await import(${JSON.stringify(module)});
    const lock = await acquireHomeLock(${JSON.stringify(home)});
    ${after}
    console.log(process.pid);
    setInterval(() => {}, 1000);`;
}

async function start(file: string, args: string[]): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(child.stdout, 'data');
  return { child, pid: Number(String(said)) };
}

const holdElsewhere = (after?: string) =>
  start(process.execPath, ['--input-type=module', '--eval', holder(after)]);

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('is held by one, told to the next with process and address, and free again after release', async () => {
  const server = createServer((_request, response) => response.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lock = await acquireHomeLock(home);
  await lock.setAddress(address);
  await expect(acquireHomeLock(home)).rejects.toMatchObject({
    code: 'E_ALREADY_RUNNING',
    message: `Alfred is already running on ${home}, at ${address} (process ${process.pid}).`,
  });
  expect(await readHomeLock(home)).toMatchObject({ pid: process.pid, address });
  await lock.release();
  server.close();
  expect(await readHomeLock(home)).toBeUndefined();
  await (await acquireHomeLock(home)).release();
  // The kernel's file stays: who waits for it and who comes must mean the same one.
  expect(await readdir(home)).toEqual(['lock.sqlite']);
});

test('makes the home when it is not there', async () => {
  const lock = await acquireHomeLock(path.join(home, 'new', 'home'));
  await lock.release();
});

test('says why a home cannot be locked', async () => {
  await mkdir(path.join(home, 'lock.sqlite'));
  await expect(acquireHomeLock(home)).rejects.toMatchObject({
    code: 'E_SETTINGS',
    message: expect.stringContaining(`The home ${home} cannot be locked`),
  });
});

test.runIf(process.platform === 'linux')('says in words that there can be no home', async () => {
  await expect(acquireHomeLock('/proc/alfred/home')).rejects.toMatchObject({
    code: 'E_SETTINGS',
    message: expect.stringContaining('no folder can be made there'),
  });
});

test('of many that come at once, one takes it', async () => {
  await writeFile(words(), 'junk');
  const tries = await Promise.allSettled(
    Array.from({ length: 12 }, () => acquireHomeLock(home, { patienceMs: 0 })),
  );
  const taken = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(taken).toHaveLength(1);
  await taken[0]?.release();
});

describe('does not stand in the way', () => {
  test('of a start in the moment in which its holder is killed', { tags: ['exhaustive'] }, async () => {
    // With memory to give back, which takes the kernel some time.
    const big = 'globalThis.big = Buffer.alloc(256 * 1024 * 1024, 1);';
    for (let kills = 0; kills < 5; kills++) {
      const { child, pid } = await holdElsewhere(big);
      await expect(acquireHomeLock(home, { patienceMs: 0 })).rejects.toMatchObject({
        code: 'E_ALREADY_RUNNING',
        message: expect.stringContaining(`Process ${pid} has ${home}`),
      });
      child.kill('SIGKILL');
      const lock = await acquireHomeLock(home);
      expect(lookAt(pid)?.state ?? 'buried').toBe('buried');
      expect(await readHomeLock(home)).toMatchObject({ pid: process.pid });
      await lock.release();
    }
  });

  test('when its holder has ended and nobody asks how', async () => {
    // The shell becomes a program that never asks after its children.
    const { child, pid } = await start('/bin/sh', [
      '-c',
      '"$0" --input-type=module --eval "$1" & exec sleep 600',
      process.execPath,
      holder(),
    ]);
    try {
      process.kill(pid, 'SIGKILL');
      await (await acquireHomeLock(home)).release();
      // It is still there to be asked.
      expect(lookAt(pid)?.state).toBe(process.platform === 'linux' ? 'buried' : undefined);
    } finally {
      await end(child);
    }
  });

  test('when another process has the number of the one that is gone', async () => {
    const stale = {
      pid: process.ppid,
      started: 'another boot:1',
      since: new Date().toISOString(),
      address: null,
    };
    await writeFile(words(), JSON.stringify(stale));
    await (await acquireHomeLock(home)).release();
  });

  test('when its words are none of ours', async () => {
    await writeFile(words(), 'junk');
    await (await acquireHomeLock(home)).release();
  });
});

describe('one who has the home and does not answer', () => {
  test('is named as hanging, with what to do', async () => {
    // Listens, as the kernel does that for it, and never answers.
    const { child, pid } = await holdElsewhere(`
      const server = (await import('node:net')).createServer().listen(0, '127.0.0.1', async () => {
        await lock.setAddress('http://127.0.0.1:' + server.address().port);
        console.log(process.pid);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });
      await new Promise(() => {});`);
    try {
      const told: string[] = [];
      const onWait = (line: string) => told.push(line);
      await expect(acquireHomeLock(home, { patienceMs: 100, onWait })).rejects.toMatchObject({
        code: 'E_ALREADY_RUNNING',
        message: expect.stringMatching(
          new RegExp(`^Process ${pid} has .* does not answer at http://127\\.0\\.0\\.1:\\d+: it hangs\\.$`),
        ),
        remedy: expect.stringContaining(`kill -9 ${pid}`),
      });
      expect(told.length).toBeLessThanOrEqual(1);
    } finally {
      await end(child);
    }
  });

  test('is waited for', async () => {
    const { child, pid } = await holdElsewhere();
    const told: string[] = [];
    const onWait = (line: string) => {
      told.push(line);
      child.kill('SIGKILL');
    };
    await (await acquireHomeLock(home, { patienceMs: 600_000, onWait })).release();
    expect(told).toEqual([`waiting for process ${pid} to end`]);
  });

  test('is waited for no longer than the one who waits is there', async () => {
    const lock = await acquireHomeLock(home);
    const given = new AbortController();
    const onWait = () => given.abort();
    const waiting = acquireHomeLock(home, { patienceMs: 600_000, onWait, signal: given.signal });
    await expect(waiting).rejects.toMatchObject({ code: 'E_CANCELLED' });
    await lock.release();
  });

  test.runIf(process.platform === 'linux')('may be stopped, and is told how to go on', async () => {
    const { child, pid } = await holdElsewhere();
    try {
      child.kill('SIGSTOP');
      while (lookAt(pid)?.state !== 'stopped') await new Promise((resolve) => setTimeout(resolve, 5));
      await expect(acquireHomeLock(home, { patienceMs: 0 })).rejects.toMatchObject({
        message: expect.stringContaining('is stopped (Ctrl-Z, SIGSTOP)'),
        remedy: expect.stringContaining(`kill -CONT ${pid}`),
      });
    } finally {
      await end(child);
    }
  });

  test('may be where it cannot be seen', async () => {
    const { child } = await holdElsewhere();
    try {
      // As a process of another container: its number is nobody's here.
      const far = { ...JSON.parse(await readFile(words(), 'utf8')), started: 'another boot:1' };
      await writeFile(words(), JSON.stringify(far));
      await expect(acquireHomeLock(home, { patienceMs: 0 })).rejects.toThrow('cannot be seen from here');
    } finally {
      await end(child);
    }
  });

  test.runIf(process.platform === 'linux')(
    'may be of a version that the kernel keeps no lock for',
    async () => {
      const { child, pid } = await start(process.execPath, [
        '--eval',
        'console.log(process.pid); setInterval(() => {}, 1000)',
      ]);
      try {
        const earlier = {
          pid,
          started: `${readBoot()}:${lookAt(pid)?.startedAt}`,
          since: new Date().toISOString(),
          address: null,
        };
        await writeFile(words(), JSON.stringify(earlier));
        await expect(acquireHomeLock(home, { patienceMs: 0 })).rejects.toThrow(`Process ${pid} has ${home}`);
      } finally {
        await end(child);
      }
    },
  );
});
