/** What a delivery is made with: the libraries, the time, and where it is put down. */
import assert from 'node:assert/strict';
import { type Library, type Load, named } from './install.ts';
import { json, key, url } from './signing.ts';
import type { Vector } from './vector.ts';

type Given = Pick<Vector, 'auth' | 'headers' | 'body'> & Partial<Pick<Vector, 'secret' | 'url' | 'at'>>;

export type Bench = {
  load: Load;
  /** When all of it is signed; libraries look at the clock. `s` and `ms` are the same as text. */
  at: Date;
  s: string;
  ms: string;
  /** A body that any sender may send. */
  body: string;
  /** The library made the signature. */
  signed(library: Library, given: Given): void;
  /** The signature was made by its rule: `isTaken` is what the library says of it. */
  taken(library: Library, isTaken: unknown, given: Given): void;
};

export function createBench(load: Load, at: Date): Bench & { vectors: Vector[] } {
  const s = String(Math.floor(at.getTime() / 1000));
  const vectors: Vector[] = [];
  const keep = (how: Vector['how'], library: Library, given: Given) =>
    vectors.push({
      ...{ how, by: named(library), secret: key, at: at.toISOString(), url },
      ...given,
      headers: { ...json, ...given.headers },
    });
  return {
    ...{ load, at, s, vectors, ms: String(at.getTime()) },
    body: `{"id":"evt_${s}","type":"order.paid","total":12.50}`,
    signed: (library, given) => void keep('signed', library, given),
    taken(library, isTaken, given) {
      assert.ok(isTaken, `${library} does not take it`);
      keep('taken', library, given);
    },
  };
}
