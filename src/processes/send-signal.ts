/**
 * Sends a signal to a process, or to a group by its number below zero; 0 only asks whether there is one.
 *
 * @returns `foreign` where it is another user's (a set-uid program of ours, too)
 */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): 'sent' | 'gone' | 'foreign' {
  try {
    process.kill(pid, signal);
    return 'sent';
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'ESRCH') return 'gone';
      if (error.code === 'EPERM') return 'foreign';
    }
    throw error;
  }
}

/** Whether there is a process of that number, one that waits to be buried included. */
export const isThere = (pid: number): boolean => sendSignal(pid, 0) !== 'gone';
