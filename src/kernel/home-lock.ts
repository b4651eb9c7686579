/**
 * One running program for a home. The lock is a file that names its holder; the holder is known to be gone when no process
 * with its number started at its time, so that a lock left by `kill -9`, a power failure or another container's process
 * of the same number does not stand in the way.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AlfredError } from './errors.ts';

const holderSchema = z.object({
  pid: z.int(),
  /** When the process started, in a form that only this machine's present boot can repeat. */
  started: z.string().nullable(),
  since: z.string(),
  /** Where the program answers, once it does. */
  address: z.string().nullable(),
});
export type LockHolder = z.infer<typeof holderSchema>;

export type HomeLock = {
  /** Notes where the program answers, for whoever finds the home taken. */
  setAddress(address: string): Promise<void>;
  release(): Promise<void>;
};

const lockFile = (home: string): string => path.join(home, 'lock');

/**
 * Takes the home for this process, making the home (0700) when it is not there.
 *
 * @throws AlfredError E_ALREADY_RUNNING with the holder's process id, and its address if it has one
 */
export async function acquireHomeLock(home: string): Promise<HomeLock> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const holder: LockHolder = {
    pid: process.pid,
    started: startOf(process.pid),
    since: new Date().toISOString(),
    address: null,
  };
  for (;;) {
    if (await tryToTake(home, holder)) break;
    const other = await readHomeLock(home);
    if (other) throw alreadyRunning(home, other);
    await removeStale(home);
  }
  return {
    async setAddress(address) {
      holder.address = address;
      const file = await writeAside(home, holder);
      await rename(file, lockFile(home));
    },
    async release() {
      await rm(lockFile(home), { force: true });
    },
  };
}

/** Who holds the home, if anybody who is alive does. */
export async function readHomeLock(home: string): Promise<LockHolder | undefined> {
  const text = await readFile(lockFile(home), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const holder = parseHolder(text);
  return holder && isAlive(holder) ? holder : undefined;
}

/** The file appears with its content or not at all. */
async function tryToTake(home: string, holder: LockHolder): Promise<boolean> {
  const file = await writeAside(home, holder);
  try {
    await link(file, lockFile(home));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * Removes a lock whose holder is gone. Of several programs that see it at once one does so, under a second lock of a
 * moment: or the slower would remove the lock that the faster has just taken.
 */
async function removeStale(home: string): Promise<void> {
  const guard = `${lockFile(home)}.removing`;
  try {
    await mkdir(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Held for a moment only; one that stays was left by a program that died in that moment.
    const age = Date.now() - ((await stat(guard).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > 10_000) await rm(guard, { recursive: true, force: true });
    await sleep(20);
    return;
  }
  try {
    if (!(await readHomeLock(home))) await rm(lockFile(home), { force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

async function writeAside(home: string, holder: LockHolder): Promise<string> {
  const file = `${lockFile(home)}.${randomBytes(6).toString('hex')}`;
  await writeFile(file, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  return file;
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    // Not a lock that this program wrote: nobody holds it.
    return undefined;
  }
}

function isAlive(holder: LockHolder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: there is such a process, and it is another user's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return holder.started === null || holder.started === startOf(holder.pid);
}

/** The boot's id and the process's start within it; null where the system does not say (macOS). */
function startOf(pid: number): string | null {
  const boot = '/proc/sys/kernel/random/boot_id';
  if (!existsSync(boot)) return null;
  try {
    // The name (field 2) may hold blanks and parentheses: count from its end. Start time is field 22.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return `${readFileSync(boot, 'utf8').trim()}:${fields[19]}`;
  } catch {
    // Gone between the two looks.
    return 'gone';
  }
}

function alreadyRunning(home: string, { pid, address }: LockHolder): AlfredError {
  return new AlfredError(
    'E_ALREADY_RUNNING',
    address
      ? `Alfred is already running on ${home}, at ${address} (process ${pid}).`
      : `Alfred is already running on ${home} (process ${pid}), and is still starting or is busy.`,
    {
      remedy: address
        ? `Open ${address}, or stop process ${pid} first. For a second VM set ALFRED_HOME to another folder and ALFRED_PORT to another port.`
        : `Wait for process ${pid} to end, or stop it.`,
    },
  );
}
