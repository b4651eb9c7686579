/** JSON from outside: strict UTF-8, with a bound on depth and on the number of values, its numbers to the last digit. */

import { parseExactJson } from '../contract/exact-json.ts';
import { AlfredError } from './errors.ts';

const deepest = 64;
const mostValues = 50_000;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * @throws AlfredError E_MALFORMED for what is no JSON, is nested too deeply, or sets a prototype; E_TOO_LARGE for too
 * many values
 */
export function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return undefined;
  let value: unknown;
  try {
    value = parseExactJson(decoder.decode(body));
  } catch (cause) {
    // The parser's own message quotes the text, in which secrets may stand.
    throw new AlfredError('E_MALFORMED', 'The body is not valid JSON in UTF-8', { cause });
  }
  checkShape(value);
  return value;
}

/** Walks without recursion, so that no depth can exhaust the stack. */
function checkShape(root: unknown): void {
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  let count = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (++count > mostValues) {
      throw new AlfredError('E_TOO_LARGE', `The body holds more than ${mostValues} values`);
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new AlfredError('E_MALFORMED', 'The body holds a number that is too large');
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= deepest) {
      throw new AlfredError('E_MALFORMED', `The body is nested more than ${deepest} levels deep`);
    }
    for (const [key, inner] of Object.entries(value)) {
      if (key === '__proto__') {
        throw new AlfredError('E_MALFORMED', 'The body holds a key that no object may have: "__proto__"');
      }
      open.push({ value: inner, depth: depth + 1 });
    }
  }
}
