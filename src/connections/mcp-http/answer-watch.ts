/**
 * Watches the event stream that answers one request. The SDK waits for the whole time-out when such a stream ends before
 * its answer; here an error takes the answer's place, unless the stream can be taken up again (it had event ids).
 */
import { createParser } from 'eventsource-parser';
import { type AlfredError, isAlfredError } from '../../kernel/errors.ts';

/** In the data of an error that stands for an answer that was too long. */
export const tooLongMark = 'alfred.tooLong';

export type WatchOptions = {
  /** Of the JSON-RPC request. */
  id: string | number;
  /** Who answers, for messages. */
  origin: string;
  maxBytes: number;
  /** The stream is over, however that came about. */
  onEnd: () => void;
};

/** @returns `body`, ended by a JSON-RPC error where the answer did not come */
export function watchAnswer(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { id, origin, maxBytes, onEnd }: WatchOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const answerMark = `"id":${JSON.stringify(id)}`;
  let isAnswered = false;
  let isResumable = false;
  const parser = createParser({
    onEvent(event) {
      isResumable ||= event.id !== undefined;
      isAnswered ||=
        event.data.replace(/"id"\s*:\s*/, '"id":').includes(answerMark) && !/"method"\s*:/.test(event.data);
    },
  });
  const inPlace = (error: AlfredError | undefined): Uint8Array<ArrayBuffer> => {
    const isTooLong = error !== undefined && isAlfredError(error, 'E_TOO_LARGE');
    const message = error?.message ?? `${origin} ended its answer before it was complete`;
    const data = isTooLong ? { data: { [tooLongMark]: maxBytes } } : {};
    const text = JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_000, message, ...data } });
    return new TextEncoder().encode(`\n\nevent: message\ndata: ${text}\n\n`);
  };
  return new ReadableStream(
    {
      async pull(controller) {
        let failure: AlfredError | undefined;
        try {
          const { value, done } = await reader.read();
          if (!done && value !== undefined) {
            parser.feed(decoder.decode(value, { stream: true }));
            controller.enqueue(value);
            return;
          }
        } catch (error) {
          if (!isAlfredError(error) || (isResumable && error.code !== 'E_TOO_LARGE')) {
            onEnd();
            controller.error(error);
            return;
          }
          failure = error;
        }
        const canBeTakenUp = isResumable && failure === undefined;
        if (!isAnswered && !canBeTakenUp) controller.enqueue(inPlace(failure));
        onEnd();
        controller.close();
      },
      cancel(reason) {
        onEnd();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
