/** Reads the text of a dump, wherever it comes from: line by line, and the rows of a table as the pieces they arrive in. */
import { endOfRows } from './dump-format.ts';

const lineFeed = Buffer.from('\n');
const end = Buffer.from(`\n${endOfRows}\n`);
/** Of what was read, that may be the beginning of `end`. */
const perhapsEnd = end.length - 1;

export class DumpReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next line, without its line feed; undefined at the end. */
  async line(): Promise<string | undefined> {
    const pieces: Buffer[] = [];
    for (;;) {
      const at = this.#rest.indexOf(lineFeed);
      if (at >= 0) {
        pieces.push(this.#rest.subarray(0, at));
        this.#rest = this.#rest.subarray(at + 1);
        return Buffer.concat(pieces).toString('utf8');
      }
      pieces.push(this.#rest);
      if (!(await this.#more())) {
        const last = Buffer.concat(pieces).toString('utf8');
        return last === '' ? undefined : last;
      }
    }
  }

  /** Gives a line back that somebody else shall read. */
  putBack(line: string): void {
    this.#rest = Buffer.concat([Buffer.from(`${line}\n`), this.#rest]);
  }

  /**
   * The rows up to their end, which is read as well.
   *
   * @throws Error when there is no end
   */
  async *rows(): AsyncGenerator<Buffer, void> {
    // The line feed before the first row was read with the line above: it is put back, and not given out.
    let rest: Buffer = Buffer.concat([lineFeed, this.#rest]);
    let from = 1;
    for (;;) {
      const at = rest.indexOf(end);
      if (at >= 0) {
        this.#rest = rest.subarray(at + end.length);
        if (at + 1 > from) yield rest.subarray(from, at + 1);
        return;
      }
      const sure = rest.length - perhapsEnd;
      if (sure > from) {
        yield rest.subarray(from, sure);
        rest = rest.subarray(sure);
        from = 0;
      }
      if (!(await this.#more())) throw new Error('it ends in the middle of a table');
      rest = Buffer.concat([rest, this.#rest]);
    }
  }

  /** Reads on behind what there is no need for any more. @returns false at the end */
  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    this.#rest = next.done === true ? Buffer.alloc(0) : Buffer.from(next.value);
    return next.done !== true;
  }
}
