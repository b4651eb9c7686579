/** What must be stopped at the end, in the reverse of the order in which it was started, each within its time. */
import { messageOf } from './errors.ts';
import type { Logger } from './log.ts';

type Closer = { name: string; close: () => unknown; withinMs: number };

export class Closers {
  readonly #closers: Closer[] = [];
  #closing: Promise<void> | undefined;

  /**
   * Remembers how to stop something that was just started.
   *
   * @param withinMs after this time the next is stopped all the same
   */
  add(name: string, close: () => unknown, withinMs = 10_000): void {
    this.#closers.push({ name, close, withinMs });
  }

  /** Stops everything, the youngest first. Never throws: what fails is logged. Called again it waits for the first call. */
  close(log: Logger): Promise<void> {
    this.#closing ??= this.#closeAll(log);
    return this.#closing;
  }

  async #closeAll(log: Logger): Promise<void> {
    for (const { name, close, withinMs } of this.#closers.reverse()) {
      const began = performance.now();
      const late = Promise.withResolvers<'late'>();
      const timer = setTimeout(late.resolve, withinMs, 'late');
      try {
        const outcome = await Promise.race([Promise.resolve(close()), late.promise]);
        if (outcome === 'late') log.error({ part: name, ms: withinMs }, 'did not stop in time');
        else log.debug({ part: name, ms: Math.round(performance.now() - began) }, 'stopped');
      } catch (error) {
        log.error({ part: name, error: messageOf(error) }, 'did not stop cleanly');
      } finally {
        clearTimeout(timer);
      }
    }
  }
}
