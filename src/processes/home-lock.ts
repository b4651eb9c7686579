/**
 * One running program for a home. Two files of the home say so: `lock.sqlite`, which the kernel locks for the process that has
 * the home (file-lock.ts), and `lock`, which says in words who that is, for people and for the command line. The kernel's lock
 * falls with its process, so that nothing stands in the way after `kill -9` or a power failure; a process that is still being
 * taken down, whose sockets and children may not be gone yet, is waited for.
 */

import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { makeFolder, unwritableHome } from '../kernel/make-folder.ts';
import { type FileLock, tryFileLock } from './file-lock.ts';
import { readBoot } from './proc.ts';
import { lookAt, type ProcessState } from './process-identity.ts';
import { isThere } from './send-signal.ts';

const holderSchema = z.object({
  pid: z.int(),
  /** When the process started, in a form that only this machine's present boot can repeat. */
  started: z.string().nullable(),
  since: z.string(),
  /** Where the program answers, while it does. */
  address: z.string().nullable(),
});
export type LockHolder = z.infer<typeof holderSchema>;

export type HomeLock = {
  /** Notes where the program answers, for whoever finds the home taken; null: nowhere any more. */
  setAddress(address: string | null): Promise<void>;
  release(): Promise<void>;
};

export type LockOptions = {
  /** How long one who has the home and does not answer is waited for, in milliseconds. */
  patienceMs?: number;
  /** One line for a person, when it has to be waited. */
  onWait?: (line: string) => void;
  /** Aborted: the wait is given up. */
  signal?: AbortSignal | undefined;
};

const usualPatienceMs = 10_000;
/** How long a process that was killed may take to be gone, in milliseconds. */
const takingDownMs = 60_000;
const lookEveryMs = 20;
/** How long a program that lives may take to answer a request, in milliseconds. */
const answerWithinMs = 2_000;

const wordsFile = (home: string): string => path.join(home, 'lock');

/**
 * Takes the home for this process, making the home (0700) when it is not there.
 *
 * @throws AlfredError E_ALREADY_RUNNING with the holder's process id, and its address if it has one: at once when it answers
 *   there, else after the patience; E_SETTINGS when the home cannot be made or locked; E_CANCELLED after `signal`
 */
export async function acquireHomeLock(home: string, options: LockOptions = {}): Promise<HomeLock> {
  const { patienceMs = usualPatienceMs, onWait = () => {}, signal } = options;
  await makeFolder(home).catch((cause: unknown) => {
    throw unwritableHome(home, cause);
  });
  const began = performance.now();
  let lock: FileLock | undefined;
  let isTold = false;
  try {
    for (;;) {
      lock ??= tryToLock(home);
      const other = await readWords(home);
      const state = other && stateOf(other);
      // Without a start time (macOS) the number may be anybody's by now: the kernel's word is enough.
      if (lock && (state === undefined || other?.started === null)) return await hold(home, lock);
      if (signal?.aborted) throw new AlfredError('E_CANCELLED', 'The start was given up');
      if (other?.address && state === 'running' && (await doesAnswer(other.address)))
        throw alreadyRunning(home, other.pid, other.address);
      if (performance.now() - began >= (state === 'ending' ? takingDownMs : patienceMs))
        throw doesNotEnd(home, other, state);
      if (!isTold) onWait(state ? `waiting for process ${other?.pid} to end` : 'waiting for the home');
      isTold = true;
      await sleep(lookEveryMs);
    }
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** Who holds the home, if anybody who is alive does. */
export async function readHomeLock(home: string): Promise<LockHolder | undefined> {
  const holder = await readWords(home);
  const state = holder && stateOf(holder);
  return state === 'running' || state === 'stopped' ? holder : undefined;
}

/** Says in words that this process has the home. */
async function hold(home: string, lock: FileLock): Promise<HomeLock> {
  const boot = readBoot();
  const holder: LockHolder = {
    pid: process.pid,
    started: boot === undefined ? null : `${boot}:${lookAt(process.pid)?.startedAt}`,
    since: timeNow().toISOString(),
    address: null,
  };
  await writeWords(home, holder);
  return {
    async setAddress(address) {
      holder.address = address;
      await writeWords(home, holder);
    },
    async release() {
      await rm(wordsFile(home), { force: true });
      lock.release();
    },
  };
}

function tryToLock(home: string): FileLock | undefined {
  try {
    return tryFileLock(path.join(home, 'lock.sqlite'));
  } catch (error) {
    throw new AlfredError('E_SETTINGS', `The home ${home} cannot be locked: ${messageOf(error)}`, {
      remedy: 'See that the folder is yours, with room on its disk, or set ALFRED_HOME to another.',
      cause: error,
    });
  }
}

async function readWords(home: string): Promise<LockHolder | undefined> {
  const text = await readFile(wordsFile(home), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    // No words that this program wrote: they name nobody.
    return undefined;
  }
}

/** The file changes as a whole, so that nobody reads half of it. */
async function writeWords(home: string, holder: LockHolder): Promise<void> {
  const file = `${wordsFile(home)}.${randomBytes(6).toString('hex')}`;
  await writeFile(file, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  await rename(file, wordsFile(home));
}

/** What the process is about that the words name; undefined when it is gone, also when it only waits to be buried. */
function stateOf({ pid, started }: LockHolder): Exclude<ProcessState, 'buried'> | undefined {
  if (started === null) return isThere(pid) ? 'running' : undefined;
  const look = lookAt(pid);
  if (!look || look.state === 'buried' || `${readBoot()}:${look.startedAt}` !== started) return undefined;
  return look.state;
}

/** Any answer at all is one of a program that lives. */
async function doesAnswer(address: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/healthz', address), {
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await response.body?.cancel();
    return true;
  } catch {
    // Refused, cut off or too late: for the caller all of it is no answer.
    return false;
  }
}

const alreadyRunning = (home: string, pid: number, address: string) =>
  new AlfredError(
    'E_ALREADY_RUNNING',
    `Alfred is already running on ${home}, at ${address} (process ${pid}).`,
    {
      remedy: `Open ${address}, or stop process ${pid} first. For a second VM set ALFRED_HOME to another folder and ALFRED_PORT to another port.`,
    },
  );

/** Why the home is not to be had, when nobody answers there. */
function doesNotEnd(
  home: string,
  other: LockHolder | undefined,
  state: ReturnType<typeof stateOf>,
): AlfredError {
  const problem = (message: string, remedy: string) =>
    new AlfredError('E_ALREADY_RUNNING', message, { remedy });
  if (!other || !state) {
    return problem(
      `${home} is locked by a program that cannot be seen from here: in another container, or on another machine.`,
      'End it there, or set ALFRED_HOME to another folder. If there is none, the file system gives no locks: move the home to a local disk.',
    );
  }
  const { pid, address } = other;
  const remedy = `End it, then start again: kill ${pid}, and where that does not help, kill -9 ${pid}.`;
  switch (state) {
    case 'ending':
      return problem(
        `Process ${pid}, which had ${home}, was killed and does not end: it waits for something, a disk perhaps.`,
        'See to what it waits for, or restart the machine.',
      );
    case 'stopped':
      return problem(
        `Process ${pid} has ${home} and is stopped (Ctrl-Z, SIGSTOP): it neither answers nor ends.`,
        `Let it go on (fg in its terminal, or kill -CONT ${pid}), or end it: kill -9 ${pid}.`,
      );
    case 'running':
      return address
        ? problem(`Process ${pid} has ${home}, and does not answer at ${address}: it hangs.`, remedy)
        : problem(
            `Process ${pid} has ${home}, and answers nowhere: it is starting, stopping or busy, or it hangs.`,
            `Wait for it to get done, and start again. ${remedy}`,
          );
  }
}
