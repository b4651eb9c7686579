/** Cuts a stream of bytes into lines of bounded length, and never keeps more than one line's worth. */

export type LineHandlers = {
  /** A whole line, without its newline. */
  onLine(line: string): void;
  /** A line that was longer than `maxBytes`: how it began and ended, and its length in bytes. */
  onOverlong(line: { head: string; tail: string; bytes: number }): void;
  /** Called once, when a line has passed `floodBytes` without an end. */
  onFlood(bytes: number): void;
};

const newline = 0x0a;
const edgeBytes = 512;

export class LineSplitter {
  readonly #handlers: LineHandlers;
  readonly #maxBytes: number;
  readonly #floodBytes: number;
  #parts: Buffer[] = [];
  #length = 0;
  #head: Buffer | undefined;
  #tail: Buffer = Buffer.alloc(0);

  constructor(options: { maxBytes: number; floodBytes: number }, handlers: LineHandlers) {
    this.#maxBytes = options.maxBytes;
    this.#floodBytes = options.floodBytes;
    this.#handlers = handlers;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      this.#take(chunk.subarray(from, at));
      this.#finish();
      from = at + 1;
    }
    if (from < chunk.length) this.#take(chunk.subarray(from));
  }

  #take(part: Buffer): void {
    const before = this.#length;
    this.#length += part.length;
    if (this.#length <= this.#maxBytes) {
      this.#parts.push(part);
      return;
    }
    if (this.#head === undefined) {
      const whole = Buffer.concat([...this.#parts, part]);
      this.#parts = [];
      this.#head = Buffer.from(whole.subarray(0, edgeBytes));
      this.#tail = Buffer.from(whole.subarray(-edgeBytes));
    } else {
      this.#tail = Buffer.from(Buffer.concat([this.#tail, part]).subarray(-edgeBytes));
    }
    if (before <= this.#floodBytes && this.#length > this.#floodBytes) this.#handlers.onFlood(this.#length);
  }

  #finish(): void {
    const [parts, head, tail, bytes] = [this.#parts, this.#head, this.#tail, this.#length];
    this.#parts = [];
    this.#head = undefined;
    this.#tail = Buffer.alloc(0);
    this.#length = 0;
    if (head !== undefined) {
      this.#handlers.onOverlong({ head: head.toString('utf8'), tail: tail.toString('utf8'), bytes });
    } else {
      const line = parts.length === 1 ? parts[0] : Buffer.concat(parts);
      this.#handlers.onLine((line ?? Buffer.alloc(0)).toString('utf8'));
    }
  }
}
