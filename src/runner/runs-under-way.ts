/** The runs that this process is in the middle of, and how to stop each. */
import type { Settings } from '../kernel/settings.ts';
import { afterTrouble } from './after-trouble.ts';
import { type RunDeps, runExecution } from './run-execution.ts';
import { cancelled, stopping } from './stop-reasons.ts';
import { waitForRoom } from './wait-for-room.ts';

type Deps = RunDeps & { settings: Pick<Settings, 'home'> };

export class RunsUnderWay {
  readonly #deps: Deps;
  readonly #running = new Map<string, AbortController>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Runs an execution, as a job asks for it.
   *
   * @param signal aborted when the worker stops
   * @throws so that the queue gives the job to somebody else
   */
  async run(executionId: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw stopping();
    if (this.#running.has(executionId)) {
      // The queue took this process for dead, while it was only busy.
      this.#deps.log.warn({ executionId }, 'a job came again while its run goes on');
      return;
    }
    const own = new AbortController();
    const stop = () => own.abort(stopping());
    signal.addEventListener('abort', stop, { once: true });
    this.#running.set(executionId, own);
    try {
      await waitForRoom(this.#deps.settings.home, this.#deps.log, own.signal);
      // Cancelled between its job and this line: nobody was told.
      await this.#lookForCancellation([executionId]);
      await runExecution(this.#deps, executionId, own.signal);
    } catch (error) {
      await afterTrouble(this.#deps, executionId, error, signal);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#running.delete(executionId);
    }
  }

  /** Stops one run, if this process has it. */
  cancel(executionId: string): void {
    this.#running.get(executionId)?.abort(cancelled());
  }

  /** @param reason one of stop-reasons.ts */
  stopAll(reason: unknown): void {
    for (const own of this.#running.values()) own.abort(reason);
  }

  /** Cancels what was asked to be while the connection to the database was lost. */
  async catchUp(): Promise<void> {
    try {
      await this.#lookForCancellation([...this.#running.keys()]);
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'could not look for cancellations');
    }
  }

  async #lookForCancellation(ids: string[]): Promise<void> {
    const rows = await this.#deps.db.prisma.execution.findMany({
      where: { id: { in: ids }, cancelRequestedAt: { not: null } },
      select: { id: true },
    });
    for (const { id } of rows) this.cancel(id);
  }
}
