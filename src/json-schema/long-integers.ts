/**
 * Integers that JavaScript cannot hold, in the arguments of tools: a schema offers them as text, and where the request is
 * written they are numbers again, to the last digit.
 */

import { isLongInteger } from '../contract/exact-json.ts';
import { isRecord } from '../contract/is-record.ts';

type Schema = Record<string, unknown>;

const digits = /^-?(0|[1-9]\d*)$/;

/** Keywords that hold schemas by name, in a list, or one. */
const byName = ['properties', '$defs', 'definitions', 'patternProperties'];
const inLists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const single = ['items', 'additionalProperties'];

/** The schema as the model is shown it: an `int64` may be given as text. The same schema where there is none. */
export function offerLongIntegers(schema: Schema): Schema {
  if (!JSON.stringify(schema).includes('"int64"')) return schema;
  return offered(schema) as Schema;
}

function offered(schema: unknown): unknown {
  if (!isRecord(schema)) return schema;
  const isLong = schema.format === 'int64' && schema.type === 'integer';
  const inner = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (byName.includes(keyword) && isRecord(value)) {
      return [keyword, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, offered(one)]))];
    }
    if (inLists.includes(keyword) && Array.isArray(value)) return [keyword, value.map(offered)];
    return [keyword, single.includes(keyword) ? offered(value) : value];
  });
  const copy = Object.fromEntries(inner);
  return isLong ? { ...copy, type: ['integer', 'string'] } : copy;
}

/**
 * A value with the digits that stand where its schema wants an integer as `convert` has them.
 *
 * @param root what `$ref` counts from
 */
export function mapIntegers(
  schema: unknown,
  value: unknown,
  convert: (digits: string) => unknown,
  root: unknown = schema,
): unknown {
  if (!isRecord(schema)) return value;
  const target = typeof schema.$ref === 'string' ? referred(schema.$ref, root) : undefined;
  if (target !== undefined) return mapIntegers(target, value, convert, root);
  const choices = inLists
    .slice(0, 3)
    .flatMap((keyword) => (Array.isArray(schema[keyword]) ? schema[keyword] : []));
  if (typeof value === 'string') {
    if (!digits.test(value)) return value;
    const kinds = typesOf([schema, ...choices], root);
    return kinds.includes('string') || !kinds.some(isNumeric) ? value : convert(value);
  }
  const parts = [
    schema,
    ...choices.map((one) => (isRecord(one) && typeof one.$ref === 'string' ? referred(one.$ref, root) : one)),
  ];
  const of = (name: string): unknown =>
    parts.flatMap((part) => {
      if (!isRecord(part)) return [];
      const own =
        isRecord(part.properties) && Object.hasOwn(part.properties, name) ? part.properties[name] : undefined;
      return own ?? part.additionalProperties ?? [];
    })[0];
  if (Array.isArray(value)) {
    const items = parts.flatMap((part) =>
      isRecord(part) && part.items !== undefined ? [part.items] : [],
    )[0];
    return value.map((one) => mapIntegers(items, one, convert, root));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, mapIntegers(of(name), one, convert, root)]),
  );
}

const isNumeric = (type: unknown): boolean => type === 'integer' || type === 'number';

const typesOf = (schemas: readonly unknown[], root: unknown): unknown[] =>
  schemas.flatMap((schema) => {
    const target = isRecord(schema) && typeof schema.$ref === 'string' ? referred(schema.$ref, root) : schema;
    return isRecord(target) ? [target.type ?? []].flat() : [];
  });

function referred(reference: string, root: unknown): unknown {
  let target: unknown = root;
  for (const token of reference.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    target = isRecord(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return target;
}

/** Node.js 24 has it, its types not yet: what JSON.stringify writes as it stands. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** The same in JSON text, to the last digit. */
export const asRawNumber = (text: string): unknown => (isLongInteger(text) ? rawJSON(text) : Number(text));
