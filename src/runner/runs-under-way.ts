/** The runs that this process is in the middle of, and how to stop each. */

import type { ToldTurn } from '../chat/turns-here.ts';
import { waitWhileAway } from '../database/wait-while-away.ts';
import { diskTrouble } from '../kernel/disk-room.ts';
import { isAlfredError } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { afterTrouble } from './after-trouble.ts';
import { releaseExecution } from './claim-execution.ts';
import { type RunDeps, runExecution } from './run-execution.ts';
import { cancelled, stopping } from './stop-reasons.ts';
import { waitForRoom } from './wait-for-room.ts';

type Deps = RunDeps & { settings: Pick<Settings, 'home'> };

export class RunsUnderWay {
  readonly #deps: Deps;
  readonly #running = new Map<string, AbortController>();
  /** Of runs that no job asked for. */
  readonly #own = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

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

  /** Runs an execution that was written down as this worker's own: no job asks for it. */
  runOwn(executionId: string, told?: ToldTurn): void {
    this.#keep(executionId, this.#runOwn(executionId, told));
  }

  /** Gives one back to the queue of which nobody knows whether it was written down, as soon as the database says. */
  giveBackOwn(executionId: string): void {
    const { signal } = this.#stopping;
    const given = waitWhileAway(() => releaseExecution(this.#deps, executionId, this.#deps.workerId), {
      signal,
      patienceMs: Infinity,
    });
    this.#keep(
      executionId,
      given.catch((error: unknown) => {
        if (!isAlfredError(error, 'E_NOT_FOUND')) throw error;
      }),
    );
  }

  #keep(executionId: string, own: Promise<void>): void {
    const running = own
      .catch((error: unknown) => {
        // Whoever sees the end of this worker takes its claims away.
        this.#deps.log.error({ err: error, executionId }, 'a run was left');
      })
      .finally(() => this.#own.delete(running));
    this.#own.add(running);
  }

  async #runOwn(executionId: string, told: ToldTurn | undefined): Promise<void> {
    const own = new AbortController();
    const { signal } = this.#stopping;
    const stop = () => own.abort(stopping());
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.#running.set(executionId, own);
    try {
      const trouble = await diskTrouble(this.#deps.settings.home);
      // It waits in the queue, as all do then.
      if (trouble !== undefined) await releaseExecution(this.#deps, executionId, this.#deps.workerId);
      else await runExecution(this.#deps, executionId, own.signal, { told });
    } catch (error) {
      await afterTrouble(this.#deps, executionId, error, signal);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#running.delete(executionId);
    }
  }

  /** Stops those that no job asked for, as the worker stops, and waits for their end. */
  async stopOwn(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#own);
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
