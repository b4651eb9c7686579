/** Server-sent events (the HTML standard, section 9.2): frames of an execution's events, with heartbeats between. */
import { Readable } from 'node:stream';
import type { ExecutionEvent } from '../contract/events.ts';
import type { Redactor } from '../vault/redact.ts';

/** How long a stream stays silent at most, in milliseconds: proxies cut silent ones off. */
const heartbeat = 15_000;

export type EventStreamOptions = {
  redactor: Redactor;
  /** Ends the stream: the watcher is gone, or the server closes. */
  signal: AbortSignal;
  heartbeatMs?: number;
};

/** `id` is the event's seq, `event` its kind, `data` what that kind carries together with `at` and `step`. */
export function frameOf(event: ExecutionEvent, redactor: Redactor): string {
  const data = redactor.line(JSON.stringify({ ...event.data, at: event.at, step: event.step }));
  return `id: ${event.seq}\nevent: ${event.kind}\ndata: ${data}\n\n`;
}

/** A stream of frames that ends behind the `end` event. */
export const eventStream = (events: AsyncIterable<ExecutionEvent>, options: EventStreamOptions): Readable =>
  Readable.from(frames(events, options), { objectMode: false });

async function* frames(
  events: AsyncIterable<ExecutionEvent>,
  { redactor, signal, heartbeatMs = heartbeat }: EventStreamOptions,
): AsyncGenerator<string> {
  const iterator = events[Symbol.asyncIterator]();
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
    while (!signal.aborted) {
      const arrived = await firstOf(next, heartbeatMs, signal);
      if (arrived === undefined) {
        if (!signal.aborted) yield ': still here\n\n';
        continue;
      }
      if (arrived.done) return;
      yield frameOf(arrived.value, redactor);
      if (arrived.value.kind === 'end') return;
      next = ask();
    }
  } finally {
    // Not awaited: a source that is waiting for its next event would hold this until one comes.
    iterator.return?.().catch(() => {});
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
