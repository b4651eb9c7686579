/** Work that is done again and again until it is stopped. */
import { setTimeout as sleep } from 'node:timers/promises';

export type Repeat = {
  /** Aborted by `stop`: for work that takes long. */
  readonly signal: AbortSignal;
  start(): void;
  /** The next time comes now, or right behind the one that is under way. */
  soon(): void;
  /** Waits for the one that is under way; none comes after it. */
  stop(): Promise<void>;
};

export type RepeatOptions = {
  /** From the end of one to the beginning of the next, in milliseconds. */
  everyMs: number;
  /** Whether the first comes after a pause as well; it comes at once otherwise. */
  pausesFirst?: boolean;
  /** Hears what `work` throws; the next comes all the same. `isNews`: the one before went well. */
  onTrouble(error: unknown, isNews: boolean): void;
};

/** Repeats `work` from `start` on. The pauses keep no process alive. */
export function repeat(
  work: () => Promise<unknown>,
  { everyMs, pausesFirst = false, onTrouble }: RepeatOptions,
): Repeat {
  const stopping = new AbortController();
  let waking = new AbortController();
  let running: Promise<void> | undefined;
  let isTroubled = false;

  async function loop(): Promise<void> {
    if (pausesFirst) await pause();
    while (!stopping.signal.aborted) {
      try {
        await work();
        isTroubled = false;
      } catch (error) {
        onTrouble(error, !isTroubled);
        isTroubled = true;
      }
      await pause();
    }
  }

  async function pause(): Promise<void> {
    const { signal } = waking;
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {}); // woken
    waking = new AbortController();
  }

  return {
    signal: stopping.signal,
    start() {
      running ??= loop();
    },
    soon: () => waking.abort(),
    async stop() {
      stopping.abort();
      waking.abort();
      await running;
    },
  };
}
