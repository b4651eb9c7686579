/** An execution's events as they happen: SSE that picks up behind the last one it got when the connection breaks. */
import { setTimeout as delay } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import {
  type ExecutionEvent,
  executionEventDataSchemas,
  executionEventKindSchema,
} from '../contract/events.ts';
import { operations } from '../contract/operations.ts';
import type { Api } from './api.ts';
import { CliProblem } from './problem.ts';

const firstDelayMs = 250;
const longestDelayMs = 5000;

export type StreamMessage = { id?: string | undefined; event?: string | undefined; data: string };

const envelope = z.looseObject({ at: z.string().optional(), step: z.int().nullish() });

/**
 * One event off the wire: `data` is what its kind carries, with `at` and `step` beside it. Undefined for an event that
 * this program does not know: a newer server may send more.
 *
 * @throws SyntaxError when the data is no JSON
 */
export function parseEvent(message: StreamMessage): ExecutionEvent | undefined {
  const kind = executionEventKindSchema.safeParse(message.event);
  const around = envelope.safeParse(JSON.parse(message.data));
  if (!kind.success || !around.success) return undefined;
  const data = executionEventDataSchemas[kind.data].safeParse(around.data);
  if (!data.success) return undefined;
  const { at = '', step = null } = around.data;
  // `data` was parsed by the schema of this very kind.
  return { seq: Number(message.id ?? 0), at, step, kind: kind.data, data: data.data } as ExecutionEvent;
}

/** Reads one connection's worth of events. */
export async function* readStream(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamMessage> {
  const ready: StreamMessage[] = [];
  const parser = createParser({ onEvent: (event) => ready.push(event) });
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* ready.splice(0);
  }
}

/**
 * Follows an execution from its first event (or behind `afterSeq`) to its `end`, reconnecting as often as it takes.
 *
 * @throws CliProblem when the server says no (an unknown execution, say), or stays away for `patienceMs`
 */
export async function* followExecution(
  api: Pick<Api, 'stream'>,
  executionId: string,
  options: { signal: AbortSignal; afterSeq?: number; patienceMs?: number; onReconnect?: () => void },
): AsyncGenerator<ExecutionEvent> {
  const { signal, patienceMs = 60_000 } = options;
  let lastSeq = options.afterSeq ?? 0;
  let wait = firstDelayMs;
  let lastHeard = performance.now();
  let cause: unknown;
  for (;;) {
    // Ends this connection, not the watching: an answer that is read no further would stay open at the server.
    const connection = new AbortController();
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (lastSeq > 0) headers['last-event-id'] = String(lastSeq);
      const sent = { params: { id: executionId } };
      const either = AbortSignal.any([signal, connection.signal]);
      const body = await api.stream(operations.followExecution, sent, { headers, signal: either });
      if (!body) return;
      for await (const message of readStream(body)) {
        lastHeard = performance.now();
        wait = firstDelayMs;
        const event = parseEvent(message);
        if (!event || (event.seq > 0 && event.seq <= lastSeq)) continue;
        lastSeq = Math.max(lastSeq, event.seq);
        yield event;
        if (event.kind === 'end') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CliProblem && error.code !== 'E_NOT_RUNNING') throw error;
      if (error instanceof SyntaxError) throw error;
      cause = error; // the connection broke, or the server is restarting: what it missed is asked for again below
    } finally {
      connection.abort();
    }
    if (signal.aborted) return;
    if (performance.now() - lastHeard > patienceMs) {
      throw new CliProblem('E_NOT_RUNNING', 'The server went away and did not come back', {
        remedy: `once it runs again: alfred execution watch ${executionId}`,
        cause,
      });
    }
    options.onReconnect?.();
    await delay(wait, undefined, { signal }).catch(() => undefined);
    wait = Math.min(longestDelayMs, wait * 2);
  }
}
