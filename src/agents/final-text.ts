/**
 * The output of a step in words: all that the model said since the last tool result, whether in one block or many, in one
 * answer or in several that the agent's program had it go on with. (The SDK's own result is the last block alone.)
 */
import { blocksIn, discards, isProgramWords, type SaidMessage } from '../model/program-words.ts';

export class FinalText {
  /** What was said last before the last tool result, where that was anything. */
  #earlier = '';
  /** Since the last tool result, in answers that the program had the model go on from. */
  #begun = '';
  /** Of the answer that is coming in. */
  #answer = '';
  #lastBlock: unknown;

  /** Takes the next message of the conversation, in order. */
  hear(said: SaidMessage): void {
    if (said.type === 'user') this.#hearUser(said);
    if (said.type !== 'assistant' || isProgramWords(said)) return;
    for (const { type, text } of blocksIn(said.message)) {
      if (type === 'text' && typeof text === 'string') {
        // After a thought, say, a paragraph of its own.
        const isApart = this.#answer !== '' && this.#lastBlock !== 'text';
        this.#answer += isApart ? `\n\n${text}` : text;
      }
      this.#lastBlock = type;
    }
  }

  /** The output; empty when the model said nothing in the whole step. */
  get output(): string {
    const last = this.#begun + this.#answer;
    return last.trim() === '' ? this.#earlier : last;
  }

  #hearUser(said: SaidMessage): void {
    const blocks = blocksIn(said.message);
    if (blocks.some(({ type }) => type === 'tool_result')) {
      this.#earlier = this.output;
      this.#begun = '';
    } else if (!(isProgramWords(said) && blocks.some(({ text }) => discards(text)))) {
      this.#begun += this.#answer.trim() === '' ? '' : this.#answer;
    }
    this.#answer = '';
    this.#lastBlock = undefined;
  }
}
