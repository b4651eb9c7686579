/** Ends processes for good: SIGTERM, some time to tidy up, SIGKILL, until none is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses, type ProcessInfo, readProcess } from './process-list.ts';
import { sendSignal } from './send-signal.ts';

const pollMs = 20;
/** How long a killed process may take to go away (it can hang in the kernel) before we stop waiting for it. */
const killedMs = 3_000;

export type EndOptions = {
  /** Picks the processes to end out of all that there are; asked again until it finds none. */
  find: (all: ProcessInfo[]) => ProcessInfo[];
  /** A process group to signal as a whole, beside what `find` found in it. */
  group?: number;
  /** Which of the found ones are asked to end by SIGTERM; all, unless given. */
  mayAsk?: (one: ProcessInfo) => boolean;
  /** How long they have after SIGTERM, in milliseconds. */
  graceMs: number;
};

/**
 * Ends every process that `find` names, also those that they start meanwhile.
 *
 * @returns how many there were at first, and those that could not be ended
 */
export async function endProcesses(options: EndOptions): Promise<{ found: number; left: ProcessInfo[] }> {
  const { find, group, mayAsk = () => true, graceMs } = options;
  const living = () => find(listProcesses()).filter(({ isZombie }) => !isZombie);
  let left = living();
  const found = left.length;
  if (process.platform !== 'linux' && group !== undefined) return endGroup(group, graceMs);

  for (const one of left.filter(mayAsk)) signal(one, 'SIGTERM');
  for (
    const until = performance.now() + graceMs;
    left.length > 0 && performance.now() < until;
    left = living()
  ) {
    await sleep(pollMs);
  }
  for (
    const until = performance.now() + killedMs;
    left.length > 0 && performance.now() < until;
    left = living()
  ) {
    // The group at once, so that nothing in it can start another process between two signals of ours.
    if (group !== undefined && left.some((one) => one.group === group)) signalGroup(group, 'SIGKILL');
    for (const one of left) signal(one, 'SIGKILL');
    await sleep(pollMs);
  }
  return { found, left };
}

async function endGroup(group: number, graceMs: number): Promise<{ found: number; left: ProcessInfo[] }> {
  if (!signalGroup(group, 'SIGTERM')) return { found: 0, left: [] };
  for (const until = performance.now() + graceMs; performance.now() < until; ) {
    await sleep(pollMs);
    if (!signalGroup(group, 0)) return { found: 1, left: [] };
  }
  signalGroup(group, 'SIGKILL');
  return { found: 1, left: [] };
}

function signal(one: ProcessInfo, name: NodeJS.Signals): void {
  // The pid may name another process by now.
  if (readProcess(one.pid)?.startedAt !== one.startedAt) return;
  // One that became somebody else's is reported as left.
  sendSignal(one.pid, name);
}

const signalGroup = (group: number, name: NodeJS.Signals | 0): boolean => sendSignal(-group, name) === 'sent';
