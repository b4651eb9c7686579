import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { ExecutionEvent } from '../contract/events.ts';
import { eventStream } from './event-stream.ts';

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

async function* of(...events: ExecutionEvent[]) {
  yield* events;
}

describe('eventStream', () => {
  it('writes id, event and data, and ends behind the end', async () => {
    const signal = new AbortController().signal;
    const stream = eventStream(of(status(1), end(2), status(3)), { redactor, signal });
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
    const stream = eventStream(of(message), { redactor, signal: new AbortController().signal });
    expect((await text(stream)).split('\n').filter((line) => line.startsWith('data: '))).toEqual([
      `data: {"text":"a\\n\\n[redacted]\\r","at":"${at}","step":1}`,
    ]);
  });

  it('beats while nothing happens, and stops at the signal', async () => {
    const stop = new AbortController();
    let isReturned = false;
    const silent: AsyncIterable<ExecutionEvent> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          isReturned = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const stream = eventStream(silent, { redactor, signal: stop.signal, heartbeatMs: 5 });
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
    const stream = eventStream(broken, { redactor, signal: new AbortController().signal });
    await expect(text(stream)).rejects.toThrow('went away');
  });
});
