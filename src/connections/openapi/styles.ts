/** How a value is written for its place: OpenAPI 3.2 "Style Values" and RFC 6570. Percent-encoding happens here and nowhere else. */
import { isRecord } from '../../contract/is-record.ts';
import type { ParameterStyle } from './operation.ts';

export type Encode = (text: string) => string;

/** All but RFC 3986's unreserved characters. */
export const encodeAll: Encode = (text) =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * Leaves reserved characters (`allowReserved`) and triplets that are there already, except what would end the value: `#`,
 * `&` and `+`, and a `%` that begins no triplet.
 */
export const encodeReserved: Encode = (text) =>
  text
    .toWellFormed()
    .split(/(%[0-9A-Fa-f]{2})/)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : encodeURIComponent(part).replace(/%(3A|2F|3F|5B|5D|40|24|2C|3B|3D)/g, (whole) =>
            decodeURIComponent(whole),
          ),
    )
    .join('');

/** Leaves what RFC 6265 lets a cookie's value have. */
const encodeCookie: Encode = (text) =>
  text.replace(/[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/g, encodeAll);

export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);

const isPresent = (value: unknown): boolean => value !== undefined && value !== null;

const pairsOf = (value: Record<string, unknown>): [string, unknown][] =>
  Object.entries(value).filter(([, inner]) => isPresent(inner));

const itemsOf = (value: unknown[]): unknown[] => value.filter(isPresent);

const separators: Partial<Record<ParameterStyle, string>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
  tabDelimited: '%09',
};

type Written = { style: ParameterStyle; explode: boolean };

/** `[name, value]` pairs, both encoded, of a query parameter, cookie or form field; none of an empty list or object. */
export function queryPairs(
  name: string,
  value: unknown,
  { style, explode }: Written,
  given: Encode = encodeAll,
): [string, string][] {
  const encode = style === 'cookie' ? encodeCookie : given;
  const key = encodeAll(name);
  const text = (one: unknown) => encode(asText(one));
  if (style === 'json') return [[key, encode(JSON.stringify(value))]];
  if (style === 'text') return [[key, text(value)]];
  if (style === 'deepObject') return deepPairs(name, value, encode);
  const joined = (all: string[]): [string, string][] =>
    all.length === 0 ? [] : [[key, all.join(separators[style] ?? ',')]];
  if (Array.isArray(value)) {
    const items = itemsOf(value);
    return explode ? items.map((item) => [key, text(item)]) : joined(items.map(text));
  }
  if (!isRecord(value)) return [[key, text(value)]];
  const pairs = pairsOf(value);
  return explode && separators[style] === undefined
    ? pairs.map(([inner, one]) => [encodeAll(inner), text(one)])
    : joined(pairs.flatMap(([inner, one]) => [encodeAll(inner), text(one)]));
}

/** `name[a][b]=1`; lists as `name[]=1`, lists of objects as `name[0][a]=1`, as most servers read them. */
function deepPairs(name: string, value: unknown, encode: Encode): [string, string][] {
  if (Array.isArray(value)) {
    return itemsOf(value).flatMap((item, at) =>
      deepPairs(isRecord(item) || Array.isArray(item) ? `${name}[${at}]` : `${name}[]`, item, encode),
    );
  }
  if (isRecord(value))
    return pairsOf(value).flatMap(([key, inner]) => deepPairs(`${name}[${key}]`, inner, encode));
  return [[encodeAll(name), encode(asText(value))]];
}

/** A path parameter's text, encoded. */
export function pathText(
  name: string,
  value: unknown,
  { style, explode }: Written,
  encode: Encode = encodeAll,
): string {
  const text = (one: unknown) => encode(asText(one));
  if (style === 'json') return encode(JSON.stringify(value));
  if (style === 'text') return text(value);
  const flat = Array.isArray(value)
    ? itemsOf(value).map(text)
    : isRecord(value)
      ? pairsOf(value).flatMap(([key, one]) =>
          explode ? [`${encodeAll(key)}=${text(one)}`] : [encodeAll(key), text(one)],
        )
      : [text(value)];
  const isScalar = !Array.isArray(value) && !isRecord(value);
  if (style === 'label') return `.${flat.join(explode ? '.' : ',')}`;
  if (style === 'matrix') {
    const key = encodeAll(name);
    if (explode && isRecord(value)) return flat.map((one) => `;${one}`).join('');
    if (explode && !isScalar) return flat.map((one) => `;${key}=${one}`).join('');
    return flat.join(',') === '' ? `;${key}` : `;${key}=${flat.join(',')}`;
  }
  const separator = separators[style];
  return flat.join(separator === undefined ? ',' : encode(decodeURIComponent(separator)));
}

/** A header's value: not encoded, as headers are not. */
export function headerText(value: unknown, written: Written): string {
  return written.style === 'json' ? JSON.stringify(value) : pathText('', value, written, (text) => text);
}
