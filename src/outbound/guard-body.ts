/** A response body under watch: its size after decompression, and how long it may be silent. */
import { AlfredError } from '../kernel/errors.ts';

export type BodyLimits = {
  /** Bytes after decompression; of an event stream, bytes of one event. */
  maxBytes: number;
  /** Silence in milliseconds while somebody reads; null: no limit. */
  idleTimeoutMs: number | null;
  isEventStream: boolean;
};

/** Bytes since the last blank line, when `tail` and `chunk` follow each other; undefined when there is none. */
function afterLastEvent(tail: Uint8Array, chunk: Uint8Array): number | undefined {
  const bytes = Buffer.concat([tail, chunk]);
  const end = Math.max(bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\n\r\n'), bytes.lastIndexOf('\r\r'));
  return end === -1 ? undefined : bytes.length - end - 2;
}

/**
 * Passes `body` on, piece by piece as it is read, and ends the request when a limit is passed.
 *
 * @param abort ends the underlying request with the error that the reader shall see
 * @param onEnd called once, when the body has ended, failed or been let go
 * @param explain turns a failure of the wire into an AlfredError
 */
export function guardBody(
  body: ReadableStream<Uint8Array>,
  limits: BodyLimits,
  hooks: {
    origin: string;
    abort: (error: AlfredError) => void;
    onEnd: () => void;
    explain: (error: unknown) => unknown;
  },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let count = 0;
  let tail = new Uint8Array(0);

  const read = async (): Promise<{ done: boolean; value?: Uint8Array | undefined }> => {
    if (limits.idleTimeoutMs === null) return reader.read();
    const timer = setTimeout(() => {
      hooks.abort(
        new AlfredError(
          'E_CONNECTION_TIMEOUT',
          `${hooks.origin} stopped sending in the middle of its answer`,
          {
            remedy: 'Try again later, or give the connection a longer timeoutMs.',
          },
        ),
      );
    }, limits.idleTimeoutMs);
    try {
      return await reader.read();
    } finally {
      clearTimeout(timer);
    }
  };

  const measure = (chunk: Uint8Array): void => {
    count += chunk.byteLength;
    if (limits.isEventStream) {
      count = afterLastEvent(tail, chunk) ?? count;
      tail = Uint8Array.from(chunk.subarray(-3));
    }
    if (count <= limits.maxBytes) return;
    const error = new AlfredError(
      'E_TOO_LARGE',
      `The answer of ${hooks.origin} is larger than ${limits.maxBytes.toLocaleString('en')} bytes`,
      { remedy: 'Ask for less at a time.' },
    );
    hooks.abort(error);
    throw error;
  };

  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value, done } = await read();
          if (done || value === undefined) {
            hooks.onEnd();
            controller.close();
            return;
          }
          measure(value);
          controller.enqueue(new Uint8Array(value));
        } catch (error) {
          hooks.onEnd();
          controller.error(hooks.explain(error));
        }
      },
      async cancel(reason) {
        hooks.onEnd();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Reads at most `maxBytes` of a response and lets go of the rest. */
export async function readCapped(
  response: Response,
  maxBytes: number,
): Promise<{ bytes: Buffer; truncated: boolean }> {
  const chunks: Uint8Array[] = [];
  let count = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (next === undefined || next.done) return { bytes: Buffer.concat(chunks), truncated: false };
    chunks.push(next.value);
    count += next.value.byteLength;
    if (count > maxBytes) {
      await reader?.cancel();
      return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), truncated: true };
    }
  }
}
