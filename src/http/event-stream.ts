/** Server-sent events (the HTML standard, section 9.2): frames with heartbeats between. */

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { millisNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Principal } from './access/principal.ts';

/** How long a stream stays silent at most, in milliseconds: proxies cut silent ones off. */
const heartbeat = 15_000;

export type EventStreamOptions = {
  /** Ends the stream: the watcher is gone, or the server closes. */
  signal: AbortSignal;
  /**
   * Asked before the first frame, at every heartbeat, at every news of access and when what it gave expires; the stream ends
   * when it throws that the watcher may not watch any more.
   */
  authorize: () => Promise<Pick<Principal, 'expiresAt'> | undefined>;
  /** Calls `onNews` when what let the watcher in may have changed; returns how to stop. */
  onAccessNews: (onNews: () => void) => () => void;
  heartbeatMs?: number;
};

export type Frame = { id?: string; event: string /** One line. */; data: string };

const textOf = ({ id, event, data }: Frame): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;

/** A stream of frames, as long as there are any. */
export const eventStream = (frames: AsyncIterable<Frame>, options: EventStreamOptions): Readable =>
  Readable.from(textsOf(frames, options), { objectMode: false });

/** Answers with a stream. */
export const sendEvents = (reply: FastifyReply, frames: AsyncIterable<Frame>, options: EventStreamOptions) =>
  reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      // Kept alive, the connection would hold up the server's own end.
      connection: 'close',
    })
    .send(eventStream(frames, options));

async function* textsOf(
  frames: AsyncIterable<Frame>,
  { signal, authorize, onAccessNews, heartbeatMs = heartbeat }: EventStreamOptions,
): AsyncGenerator<string> {
  const iterator = frames[Symbol.asyncIterator]();
  const ask = () => {
    const next = iterator.next();
    // A failure is thrown below, where it is awaited. When the watcher has left meanwhile, it is for nobody.
    next.catch(() => {});
    return next;
  };
  let hasNews = false;
  let wake = () => {};
  const stopListening = onAccessNews(() => {
    hasNews = true;
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    // News from before this was listening is made up for by asking once more.
    let askAt = askAgainAt(await lookUp(authorize), heartbeatMs);
    if (askAt === undefined) return;
    // These go out at once, so that a watcher knows it is connected before anything happens.
    yield 'retry: 1000\n: connected\n\n';
    let next = ask();
    while (!signal.aborted) {
      const woken = Promise.withResolvers<undefined>();
      wake = () => woken.resolve(undefined);
      const arrived = hasNews
        ? undefined
        : await firstOf(next, Math.max(0, askAt - performance.now()), woken);
      if (signal.aborted) return;
      if (hasNews || performance.now() >= askAt) {
        hasNews = false;
        askAt = askAgainAt(await lookUp(authorize), heartbeatMs);
        if (askAt === undefined) return;
        yield ': still here\n\n';
      }
      // There may be news from while the watcher read, or while this asked.
      if (arrived === undefined || hasNews) continue;
      if (arrived.done) return;
      yield textOf(arrived.value);
      next = ask();
    }
  } finally {
    stopListening();
    // Not awaited: a source that is waiting for its next event would hold this until one comes.
    iterator.return?.().catch(() => {});
  }
}

/** What lets the watcher watch on; undefined when nothing does. */
async function lookUp(
  authorize: EventStreamOptions['authorize'],
): Promise<{ expiresAt: Date | null } | undefined> {
  try {
    return (await authorize()) ?? { expiresAt: null };
  } catch (error) {
    if (error instanceof AlfredError) return undefined;
    throw error;
  }
}

/** When to ask again, on the clock of `performance`: at the next heartbeat, or when what lets the watcher watch expires. */
function askAgainAt(access: { expiresAt: Date | null } | undefined, heartbeatMs: number): number | undefined {
  if (access === undefined) return undefined;
  const left = access.expiresAt === null ? heartbeatMs : access.expiresAt.getTime() - millisNow();
  // Not again and again of one that is over by this clock and let in all the same.
  return performance.now() + (left > 0 ? Math.min(left, heartbeatMs) : heartbeatMs);
}

/** What `next` brings, or undefined after `ms` or when it is woken. */
async function firstOf<T>(
  next: Promise<T>,
  ms: number,
  woken: PromiseWithResolvers<undefined>,
): Promise<T | undefined> {
  const timer = setTimeout(woken.resolve, ms, undefined);
  try {
    return await Promise.race([next, woken.promise]);
  } finally {
    clearTimeout(timer);
  }
}
