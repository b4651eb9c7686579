/** What the proxy takes out of an answer of the endpoint. */
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** What may come back to the agent. */
const responseHeaders =
  /^(content-type|cache-control|request-id|retry-after|retry-after-ms|x-should-retry|anthropic-ratelimit-[a-z-]+)$/;

export const passedHeaders = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] => responseHeaders.test(entry[0]) && typeof entry[1] === 'string',
    ),
  );

/**
 * Reads the whole of a body.
 *
 * @throws RangeError when it is longer than `limit` bytes
 */
export async function readWhole(body: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > limit) throw new RangeError(`The answer is longer than ${limit} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

/** undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
