import type { ExecutionEvent } from '../contract/events.ts';
import type { Redactor } from '../vault/redact.ts';
import type { Frame } from './event-stream.ts';

/** `id` is the event's seq, `event` its kind, `data` what that kind carries together with `at` and `step`; ends behind the `end`. */
export async function* executionFrames(
  events: AsyncIterable<ExecutionEvent>,
  redactor: Redactor,
): AsyncGenerator<Frame> {
  for await (const { seq, kind, at, step, data } of events) {
    yield { id: String(seq), event: kind, data: redactor.line(JSON.stringify({ ...data, at, step })) };
    if (kind === 'end') return;
  }
}
