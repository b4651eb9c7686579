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

/** The canonical JSON of an object whose values are canonical JSON. */
export function canonicalObject(fields: Readonly<Record<string, string>>): string {
  const names = Object.keys(fields).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${fields[name]}`).join(',')}}`;
}

/** The JSON of a list whose entries are JSON, between `before` and `behind`, in bytes that are written once. */
export function utf8List(entries: readonly string[], before = '', behind = ''): Buffer {
  const parts = [
    `${before}[`,
    ...entries.flatMap((entry, at) => (at === 0 ? [entry] : [',', entry])),
    `]${behind}`,
  ];
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0));
  let at = 0;
  for (const part of parts) at += bytes.write(part, at);
  return bytes;
}

/** SHA-256 of text (as UTF-8) or bytes. */
export const sha256 = (data: string | Uint8Array): Buffer<ArrayBuffer> => hash('sha256', data, 'buffer');

/** SHA-256 over the canonical JSON of `value`. */
export const hashOf = (value: unknown): Buffer<ArrayBuffer> => sha256(canonicalJson(value));
