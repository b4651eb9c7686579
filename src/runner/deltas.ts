/** What a model says, as it comes: each piece without secrets, also where one is split between two pieces. */
import type { SDKPartialAssistantMessage } from '@anthropic-ai/claude-agent-sdk';
import type { RedactingStream, Redactor } from '../vault/redact.ts';

const paragraph = '\n\n';

export class Deltas {
  readonly #redactor: Redactor;
  readonly #tell: (text: string) => void;
  #stream: RedactingStream | undefined;
  /** What came of the block that is under way, as it came. */
  #block = '';
  /** What came of one that broke off, and is being said again. */
  #broken = '';
  /** Something was said, and what is said next is a paragraph of its own. */
  #isApart: boolean;
  #hasSaid: boolean;

  /** @param hasSaid in an attempt before this one */
  constructor(redactor: Redactor, tell: (text: string) => void, hasSaid: boolean) {
    this.#redactor = redactor;
    this.#tell = tell;
    this.#isApart = hasSaid;
    this.#hasSaid = hasSaid;
  }

  hear({ event }: SDKPartialAssistantMessage): void {
    if (event.type === 'content_block_start') this.#begin();
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
      this.#take(event.delta.text);
    if (event.type === 'content_block_stop') this.flush();
  }

  /** Lets go of what was held back: the block is whole. */
  flush(): void {
    this.#block = '';
    this.#broken = '';
    this.#close();
  }

  /** A block that begins where the one before did not come to its end is said again: the connection broke. */
  #begin(): void {
    if (this.#block === '') this.#close();
    else [this.#broken, this.#block] = [this.#block, ''];
  }

  #take(text: string): void {
    this.#block += text;
    let next = text;
    if (this.#broken !== '') {
      // What was said already is not said twice, as far as it is the same.
      if (this.#broken.startsWith(this.#block)) return;
      const goesOn = this.#block.startsWith(this.#broken);
      next = goesOn ? this.#block.slice(this.#broken.length) : this.#block;
      this.#broken = '';
      if (!goesOn) this.#close();
    }
    this.#stream ??= this.#redactor.stream();
    this.#say(this.#stream.push(next));
  }

  #close(): void {
    if (this.#stream === undefined) return;
    this.#say(this.#stream.end());
    this.#stream = undefined;
    this.#isApart = this.#hasSaid;
  }

  #say(text: string): void {
    if (text === '') return;
    this.#tell(this.#isApart ? paragraph + text : text);
    this.#isApart = false;
    this.#hasSaid = true;
  }
}
