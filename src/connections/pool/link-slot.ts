/**
 * The one place of a connection in the pool: at most one link, shared by concurrent calls, opened on demand, opened again
 * when it broke (at once the first time, then with back-off), closed when nobody used it for a while.
 */

import { type Backoff, pauseAfter } from '../../kernel/backoff.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Link } from './link.ts';
import { isNotItsFault } from './not-its-fault.ts';

export type SlotOptions = {
  name: string;
  /** Opens a link; called for one at a time. Ends early, and with everything it started, when `signal` aborts. */
  open: (signal: AbortSignal) => Promise<Link>;
  backoff: Backoff;
  /** How long an unused link stays open, in milliseconds; 0 for ever. */
  idleMs: number;
  log: Logger;
};

/** A link that lived this long, in milliseconds, was well: its end is the first failure of a new row. */
const wellMs = 30_000;

export class LinkSlot {
  readonly #options: SlotOptions;
  readonly #stopping = new AbortController();
  #link: Link | undefined;
  #opening: Promise<Link> | undefined;
  #inUse = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #failures = 0;
  #retryAt = 0;
  #lastFailure: AlfredError | undefined;
  /** The end of the link before: two processes of one server at once could fight over a file or a port. */
  #previous: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** True while a link is open. */
  get isOpen(): boolean {
    return this.#link !== undefined && this.#link.end === undefined;
  }

  /**
   * Runs `work` with the link.
   *
   * @param options.ignoreBackoff when a person asks for it now
   * @throws AlfredError why it cannot be opened, or whatever `work` throws
   */
  async use<T>(
    work: (link: Link) => Promise<T>,
    { signal, ignoreBackoff = false }: { signal?: AbortSignal | undefined; ignoreBackoff?: boolean } = {},
  ): Promise<T> {
    clearTimeout(this.#idleTimer);
    this.#inUse += 1;
    try {
      return await work(await this.#get(ignoreBackoff, signal));
    } finally {
      this.#inUse -= 1;
      if (this.#inUse === 0) this.#startIdling();
    }
  }

  /** Waits for the opening that is under way, however it ends. */
  async settled(): Promise<void> {
    await this.#opening?.catch(() => {});
  }

  /** Closes the link for good; what is under way fails. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      clearTimeout(this.#idleTimer);
      this.#stopping.abort();
      const opening = this.#opening;
      await this.#link?.close();
      // Whoever asked for it was told; here it only matters that it is over.
      await opening?.then((link) => link.close()).catch(() => {});
      await this.#previous;
    })();
    return this.#closing;
  }

  /** Forgets failures: whatever is opened next may be another server. */
  forgive(): void {
    this.#failures = 0;
    this.#retryAt = 0;
  }

  async #get(ignoreBackoff: boolean, signal: AbortSignal | undefined): Promise<Link> {
    if (this.#closing !== undefined) throw this.#closedError();
    if (this.#link !== undefined && this.#link.end === undefined) return this.#link;
    const wait = this.#retryAt - performance.now();
    if (this.#opening === undefined && wait > 0 && !ignoreBackoff) throw this.#waitError(wait);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return unlessAborted(this.#opening, signal, this.#options.name);
  }

  async #open(): Promise<Link> {
    const { open, name } = this.#options;
    await this.#previous;
    try {
      const link = await open(this.#stopping.signal);
      if (this.#closing !== undefined) await link.close();
      const since = performance.now();
      this.#link = link;
      void link.ended.then(({ wasClosed, error }) => {
        if (this.#link === link) this.#leave(link);
        if (!wasClosed) this.#noteFailure(error, performance.now() - since >= wellMs, 1);
      });
      return link;
    } catch (error) {
      // However it came to its end then: whoever waits did not cancel anything, we closed it.
      if (this.#closing !== undefined) throw this.#closedError();
      const failure = toAlfredError(error, name);
      if (!isNotItsFault(failure)) this.#noteFailure(failure, false, 0);
      throw failure;
    }
  }

  /** @param free how many failures in a row are followed by no pause */
  #noteFailure(error: AlfredError, wasWell: boolean, free: number): void {
    this.#failures = wasWell ? 1 : this.#failures + 1;
    this.#lastFailure = error;
    const counted = this.#failures - free;
    const pause = counted <= 0 ? 0 : pauseAfter(counted, this.#options.backoff);
    this.#retryAt = performance.now() + pause;
    const { name, log } = this.#options;
    log.warn({ connection: name, code: error.code, failures: this.#failures, pauseMs: pause }, error.message);
  }

  #startIdling(): void {
    const { idleMs, name, log } = this.#options;
    if (idleMs === 0 || this.#closing !== undefined) return;
    this.#idleTimer = setTimeout(() => {
      const link = this.#link;
      if (this.#inUse > 0 || link === undefined) return;
      log.debug({ connection: name }, 'closed after a time without calls');
      this.#leave(link);
    }, idleMs).unref();
  }

  #leave(link: Link): void {
    this.#link = undefined;
    this.#previous = link.close().catch((error: unknown) => {
      const { name, log } = this.#options;
      log.error({ connection: name, reason: messageOf(error) }, 'a server could not be ended');
    });
  }

  #closedError(): AlfredError {
    return new AlfredError('E_CONNECTION_FAILED', `"${this.#options.name}" was closed.`, {
      remedy: 'Try again: the next call opens it.',
    });
  }

  #waitError(waitMs: number): AlfredError {
    const last = this.#lastFailure;
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    return new AlfredError(
      last?.code ?? 'E_CONNECTION_FAILED',
      `"${this.#options.name}" failed ${this.#failures} times in a row and is left alone for another ${seconds} s. ${last?.message ?? ''}`,
      { ...(last?.remedy === undefined ? {} : { remedy: last.remedy }), cause: last },
    );
  }
}

const toAlfredError = (error: unknown, name: string): AlfredError =>
  error instanceof AlfredError
    ? error
    : new AlfredError('E_CONNECTION_FAILED', `"${name}" could not be opened: ${messageOf(error)}`, {
        cause: error,
      });

/** `promise`, or E_CANCELLED as soon as `signal` aborts; the promise goes on for whoever else waits for it. */
async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  name: string,
): Promise<T> {
  if (signal === undefined) return promise;
  const cancelled = () => new AlfredError('E_CANCELLED', `Opening "${name}" was cancelled.`);
  if (signal.aborted) {
    promise.catch(() => {});
    throw cancelled();
  }
  const stop = Promise.withResolvers<never>();
  const onAbort = () => stop.reject(cancelled());
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([promise, stop.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
