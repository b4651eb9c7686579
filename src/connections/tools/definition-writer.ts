/**
 * Writes definitions of tools as canonical JSON (RFC 8785) in UTF-8, one behind the other in few large blocks. A thousand tools of
 * eight million characters are written once, pass from thread to thread without a copy, and are hashed, kept and answered with as
 * they stand there: as text they take twice as much for one character that is not Latin, and each copy is memory to be had anew.
 */
import { canonicalJson } from '../../kernel/hash.ts';
import { isShared } from './shared-json.ts';

/** Text is gathered before it is written: a write for each word takes longer than the words. */
const mostGathered = 8 * 1024;

type Place = { block: Buffer; from: number; to: number };
export type Written = {
  /** The definition's canonical JSON, in UTF-8. */
  definition: Uint8Array;
  /** Where in it the value of each field stands. */
  fields: Record<string, readonly [from: number, to: number]>;
};

export class DefinitionWriter {
  readonly #blockSize: number;
  #block: Buffer;
  /** Where the definition that is written now begins, and up to where it stands there. */
  #from = 0;
  #at = 0;
  #gathered = '';
  /** Where parts that many definitions have in common were written first. */
  readonly #parts = new Map<object, Place>();
  readonly #blocks: Buffer[];

  /** @param blockSize in bytes; a definition that is longer gets a larger block */
  constructor(blockSize = 1024 * 1024) {
    this.#blockSize = blockSize;
    this.#block = Buffer.allocUnsafeSlow(blockSize);
    this.#blocks = [this.#block];
  }

  /** What all definitions stand in: moved to another thread, they are there and no longer here. */
  get blocks(): ArrayBuffer[] {
    return this.#blocks.map(({ buffer }) => buffer as ArrayBuffer);
  }

  /** @throws TypeError when a value has no JSON form */
  write(definition: object): Written {
    this.#from = this.#at;
    const places: [name: string, from: number, to: number][] = [];
    this.#object(definition, (name, value) => {
      this.#flush();
      const before = this.#at - this.#from;
      this.#value(value);
      this.#flush();
      places.push([name, before, this.#at - this.#from]);
    });
    this.#flush();
    return {
      definition: this.#block.subarray(this.#from, this.#at),
      fields: Object.fromEntries(places.map(([name, from, to]) => [name, [from, to]])),
    };
  }

  #object(value: object, write: (name: string, value: unknown) => void): void {
    const fields = new Map<string, unknown>(Object.entries(value));
    const names = [...fields.keys()].filter((name) => fields.get(name) !== undefined).sort();
    let before = '{';
    for (const name of names) {
      this.#say(`${before}${canonicalJson(name)}:`);
      write(name, fields.get(name));
      before = ',';
    }
    this.#say(names.length === 0 ? '{}' : '}');
  }

  #value(value: unknown): void {
    if (typeof value !== 'object' || value === null) this.#say(canonicalJson(value));
    else if (!isShared(value)) this.#compound(value);
    else this.#part(value);
  }

  #compound(value: object): void {
    if (!Array.isArray(value)) {
      this.#object(value, (_name, each) => this.#value(each));
      return;
    }
    this.#say('[');
    value.forEach((each, at) => {
      if (at > 0) this.#say(',');
      this.#value(each);
    });
    this.#say(']');
  }

  #part(value: object): void {
    this.#flush();
    const known = this.#parts.get(value);
    if (known) {
      const { block, from, to } = known;
      this.#makeRoom(to - from);
      this.#at += block.copy(this.#block, this.#at, from, to);
      return;
    }
    const before = this.#at - this.#from;
    this.#compound(value);
    this.#flush();
    // The definition may have moved to another block meanwhile.
    this.#parts.set(value, { block: this.#block, from: this.#from + before, to: this.#at });
  }

  #say(text: string): void {
    this.#gathered += text;
    if (this.#gathered.length > mostGathered) this.#flush();
  }

  #flush(): void {
    if (this.#gathered === '') return;
    // A character of UTF-16 is three bytes at most.
    const most = this.#gathered.length * 3;
    this.#makeRoom(most <= this.#block.length - this.#at ? most : Buffer.byteLength(this.#gathered));
    this.#at += this.#block.write(this.#gathered, this.#at);
    this.#gathered = '';
  }

  /** Moves what stands of the present definition into a new block where this one is full, so that each stands in one. */
  #makeRoom(bytes: number): void {
    if (bytes <= this.#block.length - this.#at) return;
    const begun = this.#at - this.#from;
    const block = Buffer.allocUnsafeSlow(Math.max(this.#blockSize, 2 * (begun + bytes)));
    this.#block.copy(block, 0, this.#from, this.#at);
    this.#blocks.push(block);
    [this.#block, this.#from, this.#at] = [block, 0, begun];
  }
}
