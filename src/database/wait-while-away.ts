import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from './is-away.ts';

/** Before it is asked again, in milliseconds. */
const againMs = 250;
const usualPatienceMs = 60_000;

/**
 * Asks the database, and asks again for as long as it is away: who waits for the answer has nothing better to do.
 *
 * @param ask may have been done, where only the answer to its COMMIT was lost
 * @param signal aborted, it is asked no more
 * @throws what `ask` threw, for anything else at once
 */
export async function waitWhileAway<T>(
  ask: () => Promise<T>,
  { signal, patienceMs = usualPatienceMs }: { signal: AbortSignal; patienceMs?: number },
): Promise<T> {
  const began = performance.now();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isDatabaseAway(error) || signal.aborted || performance.now() - began > patienceMs) throw error;
      await sleep(againMs, undefined, { signal });
    }
  }
}
