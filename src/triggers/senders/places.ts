/** What stands in a delivery where a scheme says: in a header, the query, a field of a form, or the JSON. */
import { listOf, splitPlace } from '../../contract/delivery-place.ts';
import { isRecord } from '../../contract/is-record.ts';
import type { WebhookScheme } from '../../contract/webhook-scheme.ts';
import type { Delivery } from './delivery.ts';

/** The pairs of a signature (`t=1,v1=…`), or the claims of a token. */
export type Parts = ReadonlyMap<string, string>;

const noParts: Parts = new Map();

/**
 * Every text that stands at a place, most often one; empty where there is none. A number is its digits.
 *
 * @param place as contract/webhook-scheme.ts has them
 */
export function textsAt(place: string, delivery: Delivery, parts: Parts = noParts): string[] {
  const [kind, name] = splitPlace(place);
  switch (kind) {
    case 'header':
      return texts(delivery.headers[name.toLowerCase()]);
    case 'query':
      return Object.hasOwn(delivery.query, name) ? texts(delivery.query[name]) : [];
    case 'form':
      return isRecord(delivery.content) && Object.hasOwn(delivery.content, name)
        ? texts(delivery.content[name])
        : [];
    case 'part':
    case 'claim':
      return texts(parts.get(name));
    default:
      return valuesAt(name, delivery.content).flatMap(texts);
  }
}

/** The first text of the first place that holds one. */
export const textAt = (
  places: string | readonly string[] | undefined,
  delivery: Delivery,
  parts?: Parts,
): string | undefined => listOf(places).flatMap((place) => textsAt(place, delivery, parts))[0];

const isInBody = (place: string): boolean => ['json', 'form'].includes(splitPlace(place)[0]);

/** Whether the body must be read before its sender is proved, because the proof stands in it. */
export function provesInBody({ signature, signed, timestamp, bodyHash }: WebhookScheme): boolean {
  const named = signed.flatMap((part) => placesIn(part));
  return (
    signed.includes('{sortedForm}') ||
    [...listOf(signature.from), ...listOf(timestamp?.from), ...listOf(bodyHash), ...named].some(isInBody)
  );
}

/** The places that a `{…}` names; none for text and for words such as `{body}`. */
export function placesIn(part: string): string[] {
  const inner = /^\{(.+:.+)\}$/.exec(part)?.[1];
  return inner === undefined ? [] : inner.split('|');
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number' || typeof value === 'bigint') return [String(value)];
  return Array.isArray(value) ? value.flatMap(texts) : [];
}

/** What a JSON pointer leads to; `*` leads to every element. */
function valuesAt(pointer: string, root: unknown): unknown[] {
  let values = [root];
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    values = values.flatMap((value) => {
      if (key === '*' && Array.isArray(value)) return value;
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
      return [(value as Record<string, unknown>)[key]];
    });
  }
  return values;
}
