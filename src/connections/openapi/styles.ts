/** How a value is written for its place: OpenAPI 3.1 "Style Values" and RFC 6570. Percent-encoding happens here and nowhere else. */
import { isRecord } from '../../contract/is-record.ts';
import type { ParameterStyle } from './operation.ts';

export type Encode = (text: string) => string;

/** All but RFC 3986's unreserved characters. */
export const encodeAll: Encode = (text) =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Leaves reserved characters (`allowReserved`), except those that would end the value: `#`, `&`, `+` and `%`. */
export const encodeReserved: Encode = (text) =>
  encodeURIComponent(text.toWellFormed()).replace(/%(3A|2F|3F|5B|5D|40|24|2C|3B|3D)/g, (whole) =>
    decodeURIComponent(whole),
  );

export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);

const isPresent = (value: unknown): boolean => value !== undefined && value !== null;

const pairsOf = (value: Record<string, unknown>): [string, unknown][] =>
  Object.entries(value).filter(([, inner]) => isPresent(inner));

const itemsOf = (value: unknown[]): unknown[] => value.filter(isPresent);

/** `[name, value]` pairs, both encoded, of a query parameter or form field. */
export function queryPairs(
  name: string,
  value: unknown,
  { style, explode }: { style: ParameterStyle; explode: boolean },
  encode: Encode = encodeAll,
): [string, string][] {
  const key = encodeAll(name);
  const text = (one: unknown) => encode(asText(one));
  if (style === 'json') return [[key, encode(JSON.stringify(value))]];
  if (Array.isArray(value)) {
    if (style === 'deepObject') return deepPairs(name, value, encode);
    const items = itemsOf(value);
    if (explode) return items.map((item) => [key, text(item)]);
    const separator = style === 'spaceDelimited' ? '%20' : style === 'pipeDelimited' ? '%7C' : ',';
    return [[key, items.map(text).join(separator)]];
  }
  if (isRecord(value)) {
    if (style === 'deepObject') return deepPairs(name, value, encode);
    const pairs = pairsOf(value);
    if (explode && style === 'form') return pairs.map(([inner, one]) => [encodeAll(inner), text(one)]);
    const separator = style === 'spaceDelimited' ? '%20' : style === 'pipeDelimited' ? '%7C' : ',';
    return [[key, pairs.flatMap(([inner, one]) => [encodeAll(inner), text(one)]).join(separator)]];
  }
  return [[key, text(value)]];
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
  { style, explode }: { style: ParameterStyle; explode: boolean },
  encode: Encode = encodeAll,
): string {
  const text = (one: unknown) => encode(asText(one));
  if (style === 'json') return encode(JSON.stringify(value));
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
  return flat.join(',');
}

/** A header's value: not encoded, as headers are not. */
export function headerText(
  value: unknown,
  { style, explode }: { style: ParameterStyle; explode: boolean },
): string {
  return style === 'json'
    ? JSON.stringify(value)
    : pathText('', value, { style: 'simple', explode }, (text) => text);
}
