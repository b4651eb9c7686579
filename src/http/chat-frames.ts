import type { ChatEvent } from '../contract/chat.ts';
import type { Redactor } from '../vault/redact.ts';
import type { Frame } from './event-stream.ts';

export async function* chatFrames(
  events: AsyncIterable<ChatEvent>,
  redactor: Redactor,
): AsyncGenerator<Frame> {
  for await (const { id, event, data } of events)
    yield { id, event, data: redactor.line(JSON.stringify(data)) };
}
