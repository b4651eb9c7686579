/** Which process is which, also after its number was used again. Linux says enough for that; elsewhere nothing is known. */
import { type ProcessStat, readBoot, readNamespace, readStat, readStatus } from './proc.ts';

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

/**
 * Names the boot and the process namespace: processes of one machine can be told apart. Null where the system does not say, or
 * hides namespaces: then nobody can say who else is on it.
 */
export function machineOf(): string | null {
  const boot = readBoot();
  const namespace = readNamespace();
  return boot === undefined || namespace === undefined ? null : `${boot} ${namespace}`;
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
  const stat = readStat(pid);
  const status = readStatus(pid);
  return stat && status !== undefined ? understand(stat, status) : undefined;
}

/** PF_EXITING of the kernel's include/linux/sched.h: it is being taken down. */
const exiting = 0x4;
/** SIGKILL in a mask of signals. */
const killed = 1n << 8n;

/** @param status the text of `/proc/PID/status` */
export function understand({ letter, flags, threads, startedAt }: ProcessStat, status: string): ProcessLook {
  const isKilled = [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)].some(
    ([, mask]) => (BigInt(`0x${mask}`) & killed) !== 0n,
  );
  // A process whose first thread has ended before the others shows the first one's end.
  if (letter === 'Z' || letter === 'X') return { startedAt, state: threads > 1 ? 'ending' : 'buried' };
  if (isKilled || (flags & exiting) !== 0) return { startedAt, state: 'ending' };
  return { startedAt, state: letter === 'T' ? 'stopped' : 'running' };
}
