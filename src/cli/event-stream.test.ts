/** A watcher against a server whose connection breaks: a real HTTP server that is told when to cut. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { followExecution, parseEvent } from './event-stream.ts';
import { CliProblem } from './problem.ts';

let server: Server | undefined;
afterEach(() => server?.close());

const frame = (id: number, event: string, data: unknown) =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** An API whose only route is answered by `answer`, with the Last-Event-ID that was sent. */
async function serve(
  answer: (lastId: string | undefined, response: ServerResponse) => void,
): Promise<Pick<Api, 'stream'>> {
  const listening = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    answer(request.headers['last-event-id']?.toString(), response);
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  return {
    stream: async (_operation, _sent, options) => {
      const { body } = await fetch(url, options);
      if (!body) throw new Error('no body');
      return body;
    },
  };
}

it('goes on behind the last event when the connection breaks, and tells none twice', async () => {
  const asked: (string | undefined)[] = [];
  const api = await serve((lastId, response) => {
    asked.push(lastId);
    if (lastId === undefined) {
      // Cut in the middle of the second event: it must come again, whole.
      response.write(frame(1, 'status', { status: 'running' }));
      response.write('id: 2\nevent: step\ndata: {"id":1,');
      setTimeout(() => response.destroy(), 20);
      return;
    }
    response.write(frame(1, 'status', { status: 'running' }));
    response.write(
      frame(2, 'step', { id: 1, of: 1, status: 'running', at: '2026-11-22T12:00:00.000Z', step: 1 }),
    );
    response.write(frame(3, 'from-the-future', { x: 1 }));
    response.end(frame(4, 'end', { status: 'succeeded' }));
  });
  const events = await Array.fromAsync(followExecution(api, 'x', { signal: new AbortController().signal }));
  expect(events.map(({ seq, kind }) => `${seq} ${kind}`)).toEqual(['1 status', '2 step', '4 end']);
  expect(events[1]).toMatchObject({ step: 1, at: '2026-11-22T12:00:00.000Z' });
  expect(asked).toEqual([undefined, '1']);
});

it('gives up on a server that stays away, and says how to go on', async () => {
  const api = {
    stream: async () => {
      throw new CliProblem('E_NOT_RUNNING', 'gone');
    },
  } as unknown as Api;
  const following = Array.fromAsync(
    followExecution(api, 'abc', { signal: new AbortController().signal, patienceMs: 0 }),
  );
  await expect(following).rejects.toMatchObject({
    code: 'E_NOT_RUNNING',
    remedy: expect.stringContaining('watch abc'),
  });
});

it('hands on what the server refuses', async () => {
  const api = {
    stream: async () => {
      throw new CliProblem('E_NOT_FOUND', 'no such execution');
    },
  } as unknown as Api;
  const following = Array.fromAsync(followExecution(api, 'abc', { signal: new AbortController().signal }));
  await expect(following).rejects.toMatchObject({ code: 'E_NOT_FOUND', exitCode: 3 });
});

it('leaves out what it does not understand', () => {
  expect(parseEvent({ id: '1', event: 'step', data: '{"id":"one"}' })).toBeUndefined();
  expect(parseEvent({ id: '1', event: 'end', data: '{"status":"succeeded"}' })?.kind).toBe('end');
});
