/** What an agent is told, message by message. It stays open: closing it ends the agent's process. */
import type { SDKUserMessage } from '@anthropic-ai/claude-agent-sdk';

/** A text, or blocks of the Messages API. */
export type Prompt = string | readonly Record<string, unknown>[];

export class Inbox implements AsyncIterable<SDKUserMessage> {
  readonly #waiting: SDKUserMessage[] = [];
  #isOver = false;
  #wake = () => {};

  say(prompt: Prompt): void {
    this.#waiting.push({
      type: 'user',
      message: { role: 'user', content: prompt as SDKUserMessage['message']['content'] },
      parent_tool_use_id: null,
      session_id: '',
    });
    this.#wake();
  }

  /** Nothing more is said. */
  close(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SDKUserMessage, void, undefined> {
    for (;;) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      yield* this.#waiting.splice(0);
      if (this.#isOver) return;
      if (this.#waiting.length === 0) await promise;
    }
  }
}
