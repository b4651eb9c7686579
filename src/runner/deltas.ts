/** What a model says, as it comes: each piece without secrets, also where one is split between two pieces. */
import type { SDKPartialAssistantMessage } from '@anthropic-ai/claude-agent-sdk';
import type { RedactingStream, Redactor } from '../vault/redact.ts';

const paragraph = '\n\n';

export class Deltas {
  readonly #redactor: Redactor;
  readonly #tell: (text: string) => void;
  #stream: RedactingStream | undefined;
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
    if (event.type === 'content_block_start') this.flush();
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      this.#stream ??= this.#redactor.stream();
      this.#say(this.#stream.push(event.delta.text));
    }
    if (event.type === 'content_block_stop') this.flush();
  }

  /** Lets go of what was held back: the block is whole. */
  flush(): void {
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
