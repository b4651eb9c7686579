/** Keeps the beginning and the end of what a server writes to stderr: the lines that explain its death are there. */
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

const maxBytes = 16_384;
const maxHeadBytes = 8_192;
/** What may be read in one window; the rest waits in the pipe, so a flood slows its server and not us. */
const bytesPerWindow = 1_048_576;
const windowMs = 250;

export class StderrTail {
  #head = Buffer.alloc(0);
  #chunks: Buffer[] = [];
  #length = 0;
  #inWindow = 0;
  readonly #stream: Readable;

  constructor(stream: Readable) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#add(chunk));
    // A broken pipe ends the tail; the process's exit is reported by itself.
    stream.on('error', () => stream.destroy());
  }

  /** The lines that tell most, oldest first: the one that names the error, and the last ones, without the frames of stacks. */
  lines(count = 10): string[] {
    const all = this.#all();
    const spoken = all.filter((line) => !isFrame.test(line));
    const telling = spoken.length === 0 ? all : spoken;
    const last = telling.slice(-count);
    const named = telling.findLast((line) => namesError.test(line));
    return named === undefined || last.includes(named) ? last : [named, ...last.slice(1)];
  }

  /** Without colours, and without lines that were cut off. */
  #all(): string[] {
    const end = linesOf(Buffer.concat(this.#chunks));
    if (this.#length <= maxBytes) return end.filter((line) => line !== '');
    const last = end.slice(1);
    // Both hold the same lines where little was written.
    const start = linesOf(this.#head)
      .slice(0, -1)
      .filter((line) => !last.includes(line));
    return [...start, ...last].filter((line) => line !== '');
  }

  #add(chunk: Buffer): void {
    if (this.#head.length < maxHeadBytes)
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, maxHeadBytes - this.#head.length)]);
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    let kept = this.#chunks.reduce((sum, one) => sum + one.length, 0);
    while (kept - (this.#chunks[0]?.length ?? kept) >= maxBytes) kept -= this.#chunks.shift()?.length ?? 0;
    this.#inWindow += chunk.length;
    if (this.#inWindow > bytesPerWindow) {
      this.#stream.pause();
      setTimeout(() => {
        this.#inWindow = 0;
        this.#stream.resume();
      }, windowMs).unref();
    }
  }
}

/** Lines of a stack (V8, Python, Java, Rust, Go), of code that is shown, and what Node.js adds at the end. */
const isFrame =
  /^\s*at .+[:)\d]\s*$|^\s*at async |^\s*File ".*", line \d+|^\s*\^+\s*$|^Node\.js v\d|^node:internal|^\s+\d+: .*::|^goroutine \d+|^\t.*\.go:\d+|^\s*[{}]\s*,?$/;
const namesError =
  /^(?:\s*(?:Uncaught )?[\w.$]*(?:Error|Exception|Failure)\b[^:]*:|\s*(?:fatal|panic|error)\b[^:]*:)/i;

const linesOf = (bytes: Buffer): string[] =>
  stripVTControlCharacters(bytes.toString('utf8'))
    .split(/\r?\n/)
    .map((line) => line.trimEnd());
