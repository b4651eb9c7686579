/**
 * The ids of a step's tool calls. Each is that of one call alone: by it the record, an approval, the conversation and the
 * result find each other. An endpoint need not keep to that; some number the calls of each answer from 1.
 */
import type { ModelRequestBody } from './proxy/request.ts';

export class ToolIds {
  readonly #seen: Set<string>;

  /** @param used of calls that the run made, or asked a person for, before this conversation */
  constructor(used: Iterable<string> = []) {
    this.#seen = new Set(used);
  }

  /** Takes note of every call of a conversation: it may be older than this process. */
  learn(messages: ModelRequestBody['messages']): void {
    for (const { content } of messages) {
      if (!Array.isArray(content)) continue;
      for (const block of content) if (isToolUse(block)) this.#seen.add(block.id);
    }
  }

  /** The id of a new call: the endpoint's own, or a new one made of it when an earlier call has it. */
  take(id: string): string {
    let own = id;
    for (let number = 2; this.#seen.has(own); number++) own = `${id}_${number}`;
    this.#seen.add(own);
    return own;
  }
}

export type ToolUse = Record<string, unknown> & { type: 'tool_use'; id: string };

export const isToolUse = (block: unknown): block is ToolUse =>
  typeof block === 'object' &&
  block !== null &&
  'type' in block &&
  block.type === 'tool_use' &&
  'id' in block &&
  typeof block.id === 'string';
