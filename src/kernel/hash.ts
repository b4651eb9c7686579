import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** RFC 8785 (JSON Canonicalization Scheme) text of `value`: equal values have equal text. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This value has no JSON form');
  return text;
}

/** SHA-256 of text (as UTF-8) or bytes. */
export const sha256 = (data: string | Uint8Array): Buffer<ArrayBuffer> => hash('sha256', data, 'buffer');

/** SHA-256 over the canonical JSON of `value`. */
export const hashOf = (value: unknown): Buffer<ArrayBuffer> => sha256(canonicalJson(value));
