/** Kills a command of the command line in the middle of what it does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesOf } from './vm.ts';

const program = path.resolve(import.meta.dirname, '../../bin/alfred.js');

/**
 * Runs `alfred …` on `home`, kills it (SIGKILL) once `when` says so and `afterMs` more have passed, and waits until all that
 * it started is gone.
 *
 * @returns whether it was killed: it may have ended before
 */
export async function killOnce(
  home: string,
  args: string[],
  options: { input?: string; when: () => boolean | Promise<boolean>; afterMs?: number },
): Promise<boolean> {
  const { input = '', when, afterMs = 0 } = options;
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: home, ALFRED_HOME: home, LANG: 'C.UTF-8' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const exited = once(child, 'exit');
  child.stdin.end(input);
  while (child.exitCode === null && !(await when())) await sleep(5);
  await sleep(afterMs);
  const wasKilled = child.kill('SIGKILL');
  await exited;
  while (processesOf(home).length > 0) await sleep(20);
  return wasKilled;
}
