/** Server-sent events (the HTML standard, section 9.2): frames with heartbeats between. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { AlfredError } from '../kernel/errors.ts';

/** How long a stream stays silent at most, in milliseconds: proxies cut silent ones off. */
const heartbeat = 15_000;

export type EventStreamOptions = {
  /** Ends the stream: the watcher is gone, or the server closes. */
  signal: AbortSignal;
  /** Asked at every heartbeat; the stream ends when it throws that the watcher may not watch any more. */
  authorize: () => Promise<unknown>;
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
  { signal, authorize, heartbeatMs = heartbeat }: EventStreamOptions,
): AsyncGenerator<string> {
  const iterator = frames[Symbol.asyncIterator]();
  const ask = () => {
    const next = iterator.next();
    // A failure is thrown below, where it is awaited. When the watcher has left meanwhile, it is for nobody.
    next.catch(() => {});
    return next;
  };
  try {
    // The first bytes go out at once, so that a watcher knows it is connected before anything happens.
    yield 'retry: 1000\n: connected\n\n';
    let next = ask();
    let beatAt = performance.now() + heartbeatMs;
    while (!signal.aborted) {
      const arrived = await firstOf(next, Math.max(0, beatAt - performance.now()), signal);
      if (performance.now() >= beatAt && !signal.aborted) {
        if (!(await isAllowed(authorize))) return;
        yield ': still here\n\n';
        beatAt = performance.now() + heartbeatMs;
      }
      if (arrived === undefined) continue;
      if (arrived.done) return;
      yield textOf(arrived.value);
      next = ask();
    }
  } finally {
    // Not awaited: a source that is waiting for its next event would hold this until one comes.
    iterator.return?.().catch(() => {});
  }
}

async function isAllowed(authorize: () => Promise<unknown>): Promise<boolean> {
  try {
    await authorize();
    return true;
  } catch (error) {
    if (error instanceof AlfredError) return false;
    throw error;
  }
}

/** What `next` brings, or undefined after `ms` or at the signal. */
async function firstOf<T>(next: Promise<T>, ms: number, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  const stop = () => resolve(undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([next, promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
