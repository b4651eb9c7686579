/** Keeps the end of what a server writes to stderr: what it said last is what explains its death. */
import type { Readable } from 'node:stream';

const maxBytes = 16_384;
/** What may be read in one window; the rest waits in the pipe, so a flood slows its server and not us. */
const bytesPerWindow = 1_048_576;
const windowMs = 250;

export class StderrTail {
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

  /** The last lines, oldest first; a first line that was cut off is left out. */
  lines(count = 10): string[] {
    const text = Buffer.concat(this.#chunks).toString('utf8');
    const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
    if (this.#length > maxBytes) lines.shift();
    return lines.filter((line) => line !== '').slice(-count);
  }

  #add(chunk: Buffer): void {
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
