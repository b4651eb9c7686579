/** A conversation's events as they happen; picks up behind the last one that it got when the connection breaks. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ChatEvent, chatEventSchemas } from '../../contract/chat.ts';
import { operations } from '../../contract/operations.ts';
import type { Api } from '../api.ts';
import { readStream, type StreamMessage } from '../event-stream.ts';
import { CliProblem } from '../problem.ts';

/** Between two tries to connect, in milliseconds; and how long the server may be away. */
const againMs = 500;
const patienceMs = 60_000;

/**
 * @param after `lastEventId` of what is known
 * @throws CliProblem when the server says no, or stays away
 */
export async function* followConversation(
  api: Pick<Api, 'stream'>,
  id: string,
  { after, signal }: { after: string; signal: AbortSignal },
): AsyncGenerator<ChatEvent> {
  let last = after;
  for (let lastHeard = performance.now(); !signal.aborted; ) {
    try {
      const sent = { params: { id } };
      const headers = { accept: 'text/event-stream', 'last-event-id': last };
      const body = await api.stream(operations.followConversation, sent, { headers, signal });
      for await (const message of body ? readStream(body) : []) {
        lastHeard = performance.now();
        const event = parsed(message);
        if (event === undefined) continue;
        last = event.id;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      const isAway = !(error instanceof CliProblem) || error.code === 'E_NOT_RUNNING';
      if (!isAway || performance.now() - lastHeard > patienceMs) throw error;
    }
    await delay(againMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Undefined for an event that this program does not know: a newer server may send more. */
function parsed({ id, event, data }: StreamMessage): ChatEvent | undefined {
  const schema = new Map(Object.entries(chatEventSchemas)).get(event ?? '');
  const read = schema?.safeParse(JSON.parse(data));
  return read?.success && id !== undefined ? ({ id, event, data: read.data } as ChatEvent) : undefined;
}
