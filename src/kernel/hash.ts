import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** RFC 8785 (JSON Canonicalization Scheme) text of `value`: equal values have equal text. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This value has no JSON form');
  return text;
}

/**
 * JSON that is canonical already, of a value that is too large to be walked through again. As bytes: a text of megabytes takes
 * twice as many for one character that is not Latin.
 */
export class CanonicalJson {
  readonly utf8: Uint8Array;

  constructor(utf8: Uint8Array) {
    this.utf8 = utf8;
  }
}

/** JSON in pieces: text, or UTF-8. */
export type JsonPiece = string | Uint8Array;

/** The canonical JSON of an object whose values are canonical JSON, each of one piece or of several. */
export function canonicalObject(
  fields: Readonly<Record<string, JsonPiece | readonly JsonPiece[]>>,
): JsonPiece[] {
  const pieces = Object.keys(fields)
    .sort()
    .flatMap((name, at) => [`${at === 0 ? '' : ','}${JSON.stringify(name)}:`, fields[name] ?? []].flat());
  return ['{', ...pieces, '}'];
}

/** The JSON of a list whose entries are JSON, between `before` and `behind`, in bytes that are written once. */
export function utf8List(entries: readonly (readonly JsonPiece[])[], before = '', behind = ''): Buffer {
  const pieces = [
    `${before}[`,
    ...entries.flatMap((entry, at) => (at === 0 ? entry : [',', ...entry])),
    `]${behind}`,
  ];
  const bytes = Buffer.allocUnsafeSlow(pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0));
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') at += bytes.write(piece, at);
    else {
      bytes.set(piece, at);
      at += piece.byteLength;
    }
  }
  return bytes;
}

/** SHA-256 of text (as UTF-8) or bytes. */
export const sha256 = (data: string | Uint8Array): Buffer<ArrayBuffer> => hash('sha256', data, 'buffer');

/** SHA-256 over the canonical JSON of `value`. */
export const hashOf = (value: unknown): Buffer<ArrayBuffer> => sha256(canonicalJson(value));
