/** `$ref` within one document. Nothing outside it is ever fetched. */
import { isRecord } from '../../contract/is-record.ts';
import { own } from './json.ts';

const maxHops = 32;

/** What a JSON pointer in a URI fragment (RFC 6901 section 6) points at; undefined when it points nowhere or outside. */
export function resolvePointer(document: unknown, reference: string): unknown {
  if (reference === '#') return document;
  if (!reference.startsWith('#/')) return undefined;
  let at: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    let key: string;
    try {
      key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    } catch {
      return undefined;
    }
    at = Array.isArray(at) ? (/^\d{1,6}$/.test(key) ? at[Number(key)] : undefined) : own(at, key);
  }
  return at;
}

/**
 * `value`, or what its `$ref` (and that one's, and so on) stands for; undefined for a reference that leads outside the
 * document, nowhere, or in a circle.
 */
export function dereference(document: unknown, value: unknown): unknown {
  let at = value;
  for (let hops = 0; hops < maxHops; hops++) {
    const reference = own(at, '$ref');
    if (typeof reference !== 'string') return at;
    const target = resolvePointer(document, reference);
    if (!isRecord(target)) return undefined;
    at = target;
  }
  return undefined;
}
