/** What a person types while an answer is under way: `/stop` at once, everything else once the answer has ended. */
import { createInterface, type Interface } from 'node:readline';
import type { Context } from '../context.ts';

export class TypedAhead {
  readonly #context: Context;
  readonly #lines: string[] = [];
  #reader: Interface | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The first line that was typed and not taken yet. */
  take(): string | undefined {
    return this.#lines.shift();
  }

  /** Listens until `rest`. Where nobody sits at a terminal there is nothing to hear. */
  listen(stop: () => void): void {
    const { stdin, canAsk, note, err } = this.#context;
    if (!canAsk || this.#reader !== undefined) return;
    // The terminal itself shows what is typed, between what is answered.
    this.#reader = createInterface({ input: stdin, terminal: false });
    this.#reader.on('line', (typed) => {
      const line = typed.trim();
      if (line === '/stop') stop();
      else if (line !== '') {
        this.#lines.push(line);
        note(err.dim('It waits its turn.'));
      }
    });
  }

  /** Leaves the keyboard to whoever asks a question. */
  rest(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }
}
