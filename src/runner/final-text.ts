/**
 * The output of a step in words: all that the model said since the last tool result, whether in one block or many, in one
 * answer or in several that the agent's program had it go on with. (The SDK's own result is the last block alone.)
 */
import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import { discards, isProgramWords } from './program-words.ts';

export class FinalText {
  /** What was said last before the last tool result, where that was anything. */
  #earlier = '';
  /** Since the last tool result, in answers that the program had the model go on from. */
  #begun = '';
  /** Of the answer that is coming in. */
  #answer = '';
  #lastBlock: string | undefined;

  /** Takes the next message of the conversation, in order. */
  hear(message: SDKMessage): void {
    if (message.type === 'user') this.#hearUser(message);
    if (message.type !== 'assistant' || isProgramWords(message)) return;
    for (const block of message.message.content) {
      if (block.type === 'text') {
        // After a thought, say, a paragraph of its own.
        const isApart = this.#answer !== '' && this.#lastBlock !== 'text';
        this.#answer += isApart ? `\n\n${block.text}` : block.text;
      }
      this.#lastBlock = block.type;
    }
  }

  /** The output; empty when the model said nothing in the whole step. */
  get output(): string {
    const last = this.#begun + this.#answer;
    return last.trim() === '' ? this.#earlier : last;
  }

  #hearUser(message: Extract<SDKMessage, { type: 'user' }>): void {
    const { content } = message.message;
    const blocks = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
    if (blocks.some(({ type }) => type === 'tool_result')) {
      this.#earlier = this.output;
      this.#begun = '';
    } else if (!blocks.some((block) => block.type === 'text' && discards(block.text))) {
      this.#begun += this.#answer;
    }
    this.#answer = '';
    this.#lastBlock = undefined;
  }
}
