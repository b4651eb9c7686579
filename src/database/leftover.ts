/**
 * Finds and ends PostgreSQL processes that an earlier start left on a data folder: the program was killed, and did not
 * come to stopping them. Call with the home's lock held, so that they can belong to nobody else.
 */
import { execFileSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlfredError } from '../kernel/errors.ts';
import { processNumbers, readWorkingFolder } from '../processes/proc.ts';
import { isThere, sendSignal } from '../processes/send-signal.ts';

/** The process id of the server that last ran on `dataDir`, as its `postmaster.pid` says. */
export async function readPostmasterPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return pid > 0 ? pid : undefined;
}

/** The processes that PostgreSQL has on `dataDir`, the server itself and its children. */
export function postgresProcesses(dataDir: string, postmaster: number | undefined): number[] {
  if (process.platform === 'linux') {
    return processNumbers().filter((pid) => readWorkingFolder(pid) === dataDir);
  }
  // macOS: no way to see another process's folder, but the server names its data folder.
  return postmaster !== undefined && commandOf(postmaster).includes(dataDir) ? [postmaster] : [];
}

/**
 * Ends what runs on `dataDir`, as gently as it lets us: connections are closed and a checkpoint written, if that takes
 * longer than `patienceMs` it is stopped as if the power had failed (PostgreSQL recovers from both).
 *
 * @returns true when something ran
 * @throws AlfredError E_DATABASE when something cannot be ended
 */
export async function endLeftover(dataDir: string, patienceMs = 30_000): Promise<boolean> {
  const postmaster = await readPostmasterPid(dataDir);
  const wasRunning = await endAll(dataDir, postmaster, patienceMs);
  // The number may belong to another program by now, or wait for a parent that never asks how its child ended: PostgreSQL
  // would take either for a server of its own. (Only then: PostgreSQL finds children of a dead server by this file, where we
  // cannot see them.)
  if (postmaster !== undefined && isThere(postmaster))
    await rm(path.join(dataDir, 'postmaster.pid'), { force: true });
  return wasRunning;
}

/** @returns true when something ran, which has ended now */
async function endAll(dataDir: string, postmaster: number | undefined, patienceMs: number): Promise<boolean> {
  const running = () => postgresProcesses(dataDir, postmaster);
  if (running().length === 0) return false;
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    // Children end by themselves once their server is gone; SIGKILL is for those that did not.
    const targets = running().filter((pid) => signal === 'SIGKILL' || pid === postmaster);
    for (const pid of targets) sendSignal(pid, signal);
    const deadline = performance.now() + (signal === 'SIGINT' ? patienceMs : 5000);
    while (performance.now() < deadline) {
      if (running().length === 0) return true;
      await sleep(20);
    }
  }
  throw new AlfredError(
    'E_DATABASE',
    `A PostgreSQL of an earlier start still runs on ${dataDir} (processes ${running().join(', ')}) and does not end.`,
    { remedy: 'End these processes, then start again.' },
  );
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    // ps fails when there is no such process.
    return '';
  }
}
