/** `$ref` within one document; what lies outside was brought in before (bundle.ts), or is not there. */
import { isRecord } from '../../contract/is-record.ts';
import { own, shorten, textOf } from './json.ts';

const maxHops = 32;

/** Where a reference that was not followed says why. */
export const unreadMark = 'x-alfred-unread';

/** What a JSON pointer in a URI fragment (RFC 6901 section 6) points at; undefined when it points nowhere or outside. */
export function resolvePointer(document: unknown, reference: string): unknown {
  if (reference === '#') return document;
  if (!reference.startsWith('#/')) return undefined;
  let at: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    const key = keyOf(part);
    if (key === undefined) return undefined;
    at = Array.isArray(at) ? (/^\d{1,6}$/.test(key) ? at[Number(key)] : undefined) : own(at, key);
  }
  return at;
}

function keyOf(part: string): string | undefined {
  if (!/[%~]/.test(part)) return part;
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined; // no percent-encoded text, so nothing has that name
  }
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

/** Why `dereference` has nothing for `value`, as the end of a sentence for whoever has the document. */
export function whyMissing(document: unknown, value: unknown): string {
  let at = value;
  for (let hops = 0; hops < maxHops; hops++) {
    const reference = textOf(own(at, '$ref'));
    if (reference === undefined) return 'it is no object';
    const named = `"${shorten(reference, 100)}"`;
    if (!reference.startsWith('#')) {
      const why = textOf(own(at, unreadMark)) ?? 'other files are not read here';
      return `a part of it lies in ${named}, which was not read (${why}): give one document that holds all its parts ("bundled")`;
    }
    const target = resolvePointer(document, reference);
    if (!isRecord(target)) return `it refers to ${named}, which is not there`;
    at = target;
  }
  return 'it refers to itself';
}
