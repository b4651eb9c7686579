/**
 * A tool's arguments in the form that the Messages API takes: JSON Schema 2020-12 with an object at its root and no union
 * there. Servers write draft 4 and 7, OpenAPI and slips of the pen; what of it can be said otherwise is said otherwise, and
 * the server still checks what it gets.
 */
import { isRecord } from '../../contract/is-record.ts';
import { canonicalJson } from '../../kernel/hash.ts';

type Schema = Record<string, unknown>;

/** The arguments as a model is shown them, or why it cannot be, as the end of a sentence. */
export type ModelSchema = { schema: Schema; problem?: undefined } | { schema?: undefined; problem: string };

export function modelSchema(inputSchema: Schema): ModelSchema {
  const root = flattened(mended(inputSchema), inputSchema, 0);
  const types = typesOf(root);
  if (types.length > 0 && !types.includes('object'))
    return { problem: `its arguments are no object but ${types.join(' or ')}` };
  const { properties, ...rest } = root;
  return { schema: { ...rest, type: 'object', ...(isRecord(properties) ? { properties } : {}) } };
}

const typesOf = ({ type }: Schema): string[] =>
  (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');

/** Keywords whose value is a schema, a list of them, or schemas by name (2020-12, and its forerunners' names). */
const oneSchema = new Set(
  'items additionalProperties additionalItems not if then else contains propertyNames unevaluatedItems unevaluatedProperties'.split(
    ' ',
  ),
);
const schemaLists = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const schemaMaps = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

const known = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
/** What types are called in languages that servers are written in. */
const aliases: Record<string, string> = {
  ...{ int: 'integer', int32: 'integer', int64: 'integer', long: 'integer', bigint: 'integer' },
  ...{ float: 'number', double: 'number', decimal: 'number', numeric: 'number' },
  ...{ str: 'string', text: 'string', date: 'string', datetime: 'string', uuid: 'string', file: 'string' },
  ...{
    bool: 'boolean',
    dict: 'object',
    map: 'object',
    record: 'object',
    list: 'array',
    tuple: 'array',
    none: 'null',
  },
};

function mended(schema: Schema): Schema {
  const out: Schema = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$schema') continue;
    if (schemaMaps.has(keyword)) {
      if (isRecord(value))
        out[keyword] = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asRecord(one)]));
    } else if (schemaLists.has(keyword)) {
      const list = Array.isArray(value) ? value.filter(isSchema).map(asRecord) : [];
      if (list.length > 0) out[keyword] = list;
    } else if (oneSchema.has(keyword) && isRecord(value)) out[keyword] = mended(value);
    else out[keyword] = value;
  }
  return withType(withBounds(withRequired(withTuple(out))));
}

const isSchema = (value: unknown): boolean => isRecord(value) || typeof value === 'boolean';

/** `true` and `false` are schemas as well, but not everywhere. */
const asRecord = (value: unknown): Schema =>
  isRecord(value) ? mended(value) : value === false ? { not: {} } : {};

/** Draft 4 to 2019-09: a list under `items` is a tuple. */
function withTuple(schema: Schema): Schema {
  const { items, additionalItems, ...rest } = schema;
  if (!Array.isArray(items)) return schema;
  const prefixItems = items.filter(isSchema).map(asRecord);
  return {
    ...rest,
    ...(prefixItems.length > 0 ? { prefixItems } : {}),
    ...(isSchema(additionalItems) ? { items: additionalItems } : {}),
  };
}

/** Draft 3: `required: true` stands at the argument itself. */
function withRequired(schema: Schema): Schema {
  const { required, ...rest } = schema;
  const properties = isRecord(rest.properties) ? rest.properties : {};
  const own = Object.keys(properties).filter(
    (name) => isRecord(properties[name]) && properties[name].required === true,
  );
  const isClean =
    own.length === 0 &&
    (required === undefined ||
      (Array.isArray(required) &&
        required.every((one) => typeof one === 'string') &&
        new Set(required).size === required.length));
  if (isClean) return schema;
  const names = [
    ...new Set([
      ...(Array.isArray(required) ? required.filter((one) => typeof one === 'string') : []),
      ...own,
    ]),
  ];
  const marked = Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, isRecord(one) ? withoutMark(one) : one]),
  );
  return {
    ...rest,
    ...(Object.keys(properties).length > 0 ? { properties: marked } : {}),
    ...(names.length > 0 ? { required: names } : {}),
    // Its parent reads it.
    ...(required === true ? { required } : {}),
  };
}

const withoutMark = ({ required, ...rest }: Schema): Schema =>
  typeof required === 'boolean' ? rest : { ...rest, ...(required === undefined ? {} : { required }) };

/** Draft 4: `exclusiveMinimum: true` says of `minimum` what 2020-12 says with a number; patterns of other languages go. */
function withBounds(schema: Schema): Schema {
  const out = { ...schema };
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof out[exclusive] !== 'boolean') continue;
    if (out[exclusive] === true && typeof out[bound] === 'number') {
      out[exclusive] = out[bound];
      delete out[bound];
    } else delete out[exclusive];
  }
  if ('pattern' in out && !isPattern(out.pattern)) delete out.pattern;
  if ('enum' in out && (!Array.isArray(out.enum) || out.enum.length === 0)) delete out.enum;
  return out;
}

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    new RegExp(value, 'u');
    return true;
  } catch {
    return false;
  }
}

/** `any` and other words that are no type, and OpenAPI's `nullable`. */
function withType(schema: Schema): Schema {
  const { type, nullable, ...rest } = schema;
  const given = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
  const isClean = type === undefined || (given.length > 0 && given.every((one) => known.has(one)));
  if (isClean && nullable === undefined) return schema;
  const types = given.flatMap((one) => {
    const word = one.toLowerCase();
    return known.has(word) ? [word] : (aliases[word] ?? []);
  });
  // One that is no type allows everything.
  const isOpen = types.length < given.length;
  const all = [...new Set(nullable === true ? [...types, 'null'] : types)];
  if (isOpen || types.length === 0) return rest;
  return { ...rest, type: all.length === 1 ? all[0] : all };
}

/** Unions and references at the root become one object: what all branches want is required, and words say the rest. */
function flattened(schema: Schema, document: Schema, depth: number): Schema {
  if (depth > 8) return schema;
  const { $ref, allOf, anyOf, oneOf, ...rest } = schema;
  let whole: Schema = rest;
  const resolve = (branch: unknown) => flattened(isRecord(branch) ? branch : {}, document, depth + 1);
  if (typeof $ref === 'string') whole = joined(resolve(targetOf($ref, document)), whole);
  for (const part of Array.isArray(allOf) ? allOf : []) whole = joined(whole, resolve(part));
  for (const branches of [anyOf, oneOf]) {
    if (!Array.isArray(branches)) continue;
    const objects = branches
      .map(resolve)
      .filter((one) => typesOf(one).length === 0 || typesOf(one).includes('object'));
    if (objects.length > 0) whole = joined(whole, eitherOf(objects));
  }
  return whole;
}

function targetOf(reference: string, document: Schema): Schema {
  if (!reference.startsWith('#')) return {};
  const keys = reference
    .slice(1)
    .split('/')
    .filter((key) => key !== '');
  const target = keys.reduce<unknown>(
    (value, key) =>
      isRecord(value)
        ? value[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')]
        : undefined,
    document,
  );
  return isRecord(target) ? mended(target) : {};
}

const requiredOf = ({ required }: Schema): string[] => (Array.isArray(required) ? required : []);
const propertiesOf = ({ properties }: Schema): Schema => (isRecord(properties) ? properties : {});

/** An object that is both. */
function joined(one: Schema, other: Schema): Schema {
  const required = [...new Set([...requiredOf(one), ...requiredOf(other)])];
  const descriptions = [one.description, other.description].filter(
    (text) => typeof text === 'string' && text !== '',
  );
  return {
    ...other,
    ...one,
    properties: { ...propertiesOf(other), ...propertiesOf(one) },
    ...(required.length > 0 ? { required } : {}),
    ...(descriptions.length > 0 ? { description: [...new Set(descriptions)].join(' ') } : {}),
  };
}

/** An object that is one of several. */
function eitherOf(branches: Schema[]): Schema {
  const properties = new Map<string, unknown[]>();
  for (const branch of branches)
    for (const [name, schema] of Object.entries(propertiesOf(branch))) {
      const seen = properties.get(name) ?? [];
      if (!seen.some((one) => canonicalJson(one) === canonicalJson(schema))) seen.push(schema);
      properties.set(name, seen);
    }
  const [first = [], ...more] = branches.map(requiredOf);
  const required = first.filter((name) => more.every((names) => names.includes(name)));
  const groups = branches.map((branch) => requiredOf(branch).filter((name) => !required.includes(name)));
  const isTold = groups.length > 1 && groups.every((names) => names.length > 0);
  const words = [...new Set(groups.map((names) => names.join(' and ')))].join(', or ');
  return {
    properties: Object.fromEntries(
      [...properties].map(([name, seen]) => [name, seen.length === 1 ? seen[0] : { anyOf: seen }]),
    ),
    ...(required.length > 0 ? { required } : {}),
    ...(isTold ? { description: `Give ${words}.` } : {}),
  };
}
