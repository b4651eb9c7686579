import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { ExecutionEvent } from '../contract/events.ts';
import { AlfredError } from '../kernel/errors.ts';
import { type EventStreamOptions, eventStream, type Frame } from './event-stream.ts';
import { executionFrames } from './execution-frames.ts';

const at = '2026-11-22T07:00:00.000Z';
const status = (seq: number): ExecutionEvent => ({
  seq,
  at,
  step: 1,
  kind: 'status',
  data: { status: 'running' },
});
const end = (seq: number): ExecutionEvent => ({
  seq,
  at,
  step: null,
  kind: 'end',
  data: { status: 'succeeded' },
});
const redactor = { line: (line: string) => line.replaceAll('hunter22', '[redacted]') } as never;

const streamOf = (events: AsyncIterable<ExecutionEvent>, options: Partial<EventStreamOptions> = {}) =>
  eventStream(executionFrames(events, redactor), {
    signal: new AbortController().signal,
    authorize: async () => undefined,
    onAccessNews: () => () => {},
    ...options,
  });

async function* of(...events: ExecutionEvent[]) {
  yield* events;
}

describe('eventStream', () => {
  it('writes id, event and data, and ends behind the end', async () => {
    const stream = streamOf(of(status(1), end(2), status(3)));
    expect(await text(stream)).toBe(
      [
        'retry: 1000\n: connected\n\n',
        `id: 1\nevent: status\ndata: {"status":"running","at":"${at}","step":1}\n\n`,
        `id: 2\nevent: end\ndata: {"status":"succeeded","at":"${at}","step":null}\n\n`,
      ].join(''),
    );
  });

  it('keeps every event on one data line, redacted', async () => {
    const message: ExecutionEvent = {
      seq: 1,
      at,
      step: 1,
      kind: 'message',
      data: { text: 'a\n\nhunter22\r' },
    };
    const stream = streamOf(of(message));
    expect((await text(stream)).split('\n').filter((line) => line.startsWith('data: '))).toEqual([
      `data: {"text":"a\\n\\n[redacted]\\r","at":"${at}","step":1}`,
    ]);
  });

  it('beats while nothing happens, and stops at the signal', async () => {
    const stop = new AbortController();
    let isReturned = false;
    const silent: AsyncIterable<Frame> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          isReturned = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const stream = eventStream(silent, {
      signal: stop.signal,
      authorize: async () => undefined,
      onAccessNews: () => () => {},
      heartbeatMs: 5,
    });
    let seen = '';
    for await (const chunk of stream) {
      seen += String(chunk);
      if (seen.split('still here').length > 3) stop.abort();
    }
    expect(isReturned).toBe(true);
  });

  it('ends in the error of its source', async () => {
    const broken = (async function* () {
      yield status(1);
      throw new Error('the database went away');
    })();
    await expect(text(streamOf(broken))).rejects.toThrow('went away');
  });

  it('ends when who watches may not watch any more, also while much happens', async () => {
    const busy = (async function* () {
      for (let seq = 1; ; seq++) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        yield status(seq);
      }
    })();
    let asked = 0;
    const authorize = async () => {
      if (++asked === 4) throw new AlfredError('E_UNAUTHENTICATED', 'It was revoked');
      return undefined;
    };
    const seen = await text(streamOf(busy, { authorize, heartbeatMs: 5 }));
    expect(seen.split('still here')).toHaveLength(3);
    expect(seen).toContain('id: 1\n');
  });

  it('ends when what lets the watcher in expires, long before the next heartbeat', async () => {
    let isShown = false;
    const authorize = async () => {
      if (isShown) throw new AlfredError('E_UNAUTHENTICATED', 'It expired');
      return { expiresAt: new Date(Date.now() + 50) };
    };
    const never = (async function* () {
      yield status(1);
      // Asked for the next: the first was taken.
      isShown = true;
      await new Promise(() => {});
    })();
    const seen = await text(streamOf(never, { authorize, heartbeatMs: 3_600_000 }));
    expect(seen).toContain('id: 1\n');
  });

  it('asks at news of access, before it shows what came since', async () => {
    let tell = () => {};
    let isIn = true;
    const busy = (async function* () {
      yield status(1);
      isIn = false;
      tell();
      yield status(2);
    })();
    const authorize = async () => {
      if (!isIn) throw new AlfredError('E_UNAUTHENTICATED', 'It was revoked');
      return undefined;
    };
    const onAccessNews = (onNews: () => void) => {
      tell = onNews;
      return () => {};
    };
    const seen = await text(streamOf(busy, { authorize, onAccessNews, heartbeatMs: 3_600_000 }));
    expect(seen).toContain('id: 1\n');
    expect(seen).not.toContain('id: 2\n');
  });
});
