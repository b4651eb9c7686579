/** Which process is which, also after its number was used again. Linux says enough for that; elsewhere nothing is known. */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';

const bootFile = '/proc/sys/kernel/random/boot_id';

/**
 *   running   it may do something
 *   stopped   by SIGSTOP or Ctrl-Z: nothing of it runs until somebody lets it go on
 *   ending    sent to its end by SIGKILL, or being taken down: nothing of its program runs any more, what it holds may be held
 *   buried    it has ended, and its number waits for its parent to ask how
 */
export type ProcessState = 'running' | 'stopped' | 'ending' | 'buried';

export type ProcessLook = {
  state: ProcessState;
  /** Clock ticks after boot: with the number it names one process of this boot. */
  startedAt: string;
};

/** Names the boot; null where the system does not say (macOS). */
export function bootOf(): string | null {
  return existsSync(bootFile) ? readFileSync(bootFile, 'utf8').trim() : null;
}

/** Names the boot and the process namespace: processes of one machine can be told apart. Null where the system does not say. */
export function machineOf(): string | null {
  try {
    const boot = bootOf();
    return boot === null ? null : `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // A system that hides namespaces: then nobody can say who else is on it.
    return null;
  }
}

/** Names a process of this machine. */
export const identityOf = (pid: number): string => `${pid}:${startOf(pid) ?? ''}`;

/** Whether a process that `identityOf` named on this machine is still there. */
export const isProcessThere = (identity: string): boolean =>
  identity === identityOf(Number(identity.split(':')[0]));

/** When it started, in clock ticks after boot; undefined when it is gone, also one that only waits to be buried. */
function startOf(pid: number): string | undefined {
  const look = lookAt(pid);
  return look?.state === 'buried' ? undefined : look?.startedAt;
}

/** What Linux says of a process; undefined when there is none of that number, and on other systems. */
export function lookAt(pid: number): ProcessLook | undefined {
  try {
    return understand(
      readFileSync(`/proc/${pid}/stat`, 'latin1'),
      readFileSync(`/proc/${pid}/status`, 'latin1'),
    );
  } catch {
    // It ended since, or never was.
    return undefined;
  }
}

/** PF_EXITING of the kernel's include/linux/sched.h: it is being taken down. */
const exiting = 0x4;
/** SIGKILL in a mask of signals. */
const killed = 1n << 8n;

/** Reads `/proc/PID/stat` and `/proc/PID/status` (proc_pid_stat(5), proc_pid_status(5)). */
export function understand(stat: string, status: string): ProcessLook {
  // The name (field 2) may hold blanks and parentheses: count from its end, where field 3 stands.
  const fields = stat.split(') ').at(-1)?.split(' ') ?? [];
  const [letter = ''] = fields;
  const startedAt = fields[19] ?? '';
  const isKilled = [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)].some(
    ([, mask]) => (BigInt(`0x${mask}`) & killed) !== 0n,
  );
  // A process whose first thread has ended before the others shows the first one's end.
  const threads = Number(fields[17]);
  if (letter === 'Z' || letter === 'X') return { startedAt, state: threads > 1 ? 'ending' : 'buried' };
  if (isKilled || (Number(fields[6]) & exiting) !== 0) return { startedAt, state: 'ending' };
  return { startedAt, state: letter === 'T' ? 'stopped' : 'running' };
}
