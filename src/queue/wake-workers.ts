/** Tells workers of new jobs, in every process of the VM. */
import { notify } from '../database/channels.ts';
import type { Transaction } from '../database/client.ts';
import { type Listener, listen } from '../database/listen.ts';

/**
 * A look for the next job passes over all those whose group has its share already. While thousands of deliveries pour in, a look
 * for each would cost more than they do; nobody notices this much, in milliseconds.
 */
const restMs = 200;

/** Tells of new jobs when `tx` commits. pg-boss's own notification cannot be held back. */
export async function tellOfJobs(tx: Pick<Transaction, '$executeRaw'>, queue: string): Promise<void> {
  await notify(tx, 'jobs', queue);
}

/**
 * Calls `wake` with a queue's name when it has new jobs: at once, and then not again before a rest.
 *
 * @param queues those of which nothing may be missed: they are woken after a lost connection too
 * @throws AlfredError E_DATABASE
 */
export async function hearOfJobs(
  url: string,
  queues: readonly string[],
  wake: (queue: string) => void,
): Promise<Listener> {
  const resting = new Map<string, { again: boolean; timer: NodeJS.Timeout }>();

  function tell(queue: string): void {
    const rest = resting.get(queue);
    if (rest) {
      rest.again = true;
      return;
    }
    const timer = setTimeout(() => {
      const { again } = resting.get(queue) ?? {};
      resting.delete(queue);
      if (again) tell(queue);
    }, restMs);
    resting.set(queue, { again: false, timer: timer.unref() });
    wake(queue);
  }

  const listener = await listen(url, 'jobs', tell, () => queues.forEach(tell));
  return {
    async close() {
      for (const { timer } of resting.values()) clearTimeout(timer);
      await listener.close();
    },
  };
}
