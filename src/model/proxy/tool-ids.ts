/** Gives each tool call of an answer an id that no other call of its conversation has (tool-ids.ts). */
import { createParser } from 'eventsource-parser';
import { isToolUse, type ToolIds } from '../tool-ids.ts';
import { parseJson } from './read.ts';

/** The content of an answer in one piece; the same array when no id had to change. */
export function ownIdsIn(content: readonly unknown[], ids: ToolIds): readonly unknown[] {
  const renamed = content.map((block) => {
    if (!isToolUse(block)) return block;
    const id = ids.take(block.id);
    return id === block.id ? block : { ...block, id };
  });
  return renamed.some((block, index) => block !== content[index]) ? renamed : content;
}

/** The start of a call is a short event. Longer ones are passed on before their end has come; in bytes. */
const longestHeld = 1024 * 1024;

/** Between two events of a stream (HTML Living Standard, 9.2.5); one character for each byte. */
const blankLine = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n))/g;

/**
 * A streamed answer, event by event: an agent can do nothing with a part of one. What is no start of a tool call passes
 * as it came, to the byte.
 */
export class OwnIdsInStream {
  readonly #ids: ToolIds;
  #held: Buffer = Buffer.alloc(0);

  constructor(ids: ToolIds) {
    this.#ids = ids;
  }

  /** What can be passed on now. */
  push(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const ends = endsOf(bytes);
    let end = ends.at(-1) ?? 0;
    // The rest of it is no event by itself, and passes too.
    if (bytes.length - end > longestHeld) {
      end = bytes.length - 3;
      ends.push(end);
    }
    this.#held = bytes.subarray(end);
    const ready = bytes.subarray(0, end);
    if (!ready.includes('tool_use')) return ready;
    let from = 0;
    return Buffer.concat(
      ends.map((to) => {
        const event = bytes.subarray(from, to);
        from = to;
        return this.#renamed(event);
      }),
    );
  }

  /** What is left when the stream has ended. */
  end(): Buffer {
    return this.#held;
  }

  #renamed(bytes: Buffer): Buffer {
    if (!bytes.includes('content_block_start') || !bytes.includes('tool_use')) return bytes;
    let renamed = bytes;
    const parser = createParser({
      onEvent: ({ event, data }) => {
        const start = parseJson(data);
        if (typeof start !== 'object' || start === null || !('content_block' in start)) return;
        const block = start.content_block;
        if (!isToolUse(block)) return;
        const id = this.#ids.take(block.id);
        if (id === block.id) return;
        const name = event === undefined ? '' : `event: ${event}\n`;
        renamed = Buffer.from(
          `${name}data: ${JSON.stringify({ ...start, content_block: { ...block, id } })}\n\n`,
        );
      },
    });
    parser.feed(bytes.toString('utf8'));
    return renamed;
  }
}

/** Where the events end that are whole. */
const endsOf = (bytes: Buffer): number[] =>
  [...bytes.toString('latin1').matchAll(blankLine)].map(({ index, 0: line }) => index + line.length);
