/**
 * Copies schemas of a document into one tool's input schema: `#/components/schemas/X` becomes `#/$defs/X`, never
 * inlined, so recursion stays a reference. Only known keywords go along, within bounds: a description may lie and a
 * pattern may never end, but neither may be large or executable.
 */
import { isRecord } from '../../contract/is-record.ts';
import { sizeOf } from '../tools/bound-result.ts';
import { schemaExamples } from './examples.ts';
import { entriesOf, type JsonObject, listOf, own, shorten, textOf } from './json.ts';
import { dereference, resolvePointer } from './references.ts';

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isText = (value: unknown): boolean => typeof value === 'string';
const isAnything = (): boolean => true;
const types = new Set<unknown>(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
const isType = (value: unknown): boolean =>
  types.has(value) ||
  (Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((one) => types.has(one)));

/** Keywords that are copied as they are, where they are what JSON Schema wants: one wrong value makes all tools unusable for a model. */
const plainKeywords: Record<string, (value: unknown) => boolean> = {
  type: isType,
  format: isText,
  default: isAnything,
  const: isAnything,
  deprecated: isFlag,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  uniqueItems: isFlag,
  minProperties: isCount,
  maxProperties: isCount,
  contentEncoding: isText,
  contentMediaType: isText,
  multipleOf: (value) => isNumber(value) && Number(value) > 0,
};
const schemaKeywords = ['items', 'additionalProperties', 'not', 'contains', 'propertyNames'];
const listKeywords = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];

const maxDescription = 400;
const maxEnum = 300;
const maxPattern = 200;

/** Patterns that JavaScript may take forever over: a repeated group that itself repeats or chooses. */
const isPatient = (pattern: string): boolean =>
  pattern.length <= maxPattern &&
  !/\([^()]*[+*|][^()]*\)\s*[+*{?]|\)\s*[+*{][^()]*\)/.test(pattern) &&
  isPattern(pattern);

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** `readOnly` of a property, or of what it refers to. */
function isReadOnly(document: unknown, property: unknown): boolean {
  if (own(property, 'readOnly') === true) return true;
  const target = own(property, '$ref') === undefined ? property : dereference(document, property);
  if (own(target, 'readOnly') === true) return true;
  // 3.0 puts a description beside a reference in `allOf`.
  const parts = listOf(own(target, 'allOf'));
  return parts.length > 0 && parts.some((part) => own(dereference(document, part), 'readOnly') === true);
}

/** What OpenAPI says of a choice and JSON Schema cannot: which property tells the branches apart, and by which values. */
function discriminatorWords(schema: JsonObject): string | undefined {
  const discriminator = own(schema, 'discriminator');
  const property = textOf(own(discriminator, 'propertyName'));
  if (property === undefined) return undefined;
  const values = Object.keys(Object(own(discriminator, 'mapping'))).slice(0, 20);
  const named = values.length === 0 ? '' : `: ${values.join(', ')}`;
  return `"${property}" says which it is${named}.`;
}

/** A small plain value as it is; anything large is left out. */
const isSmall = (value: unknown): boolean => (JSON.stringify(value) ?? '').length <= 2_000;

export class SchemaCopier {
  readonly #document: unknown;
  readonly #maxDepth: number;
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #pending: { name: string; target: unknown; depth: number }[] = [];
  #room: number;

  /**
   * @param maxDepth levels of nesting, references counted, below which a schema is left open (`{}`)
   * @param room how large what is copied may become, in characters of JSON, before the rest is not worth copying
   */
  constructor(document: unknown, maxDepth: number, room = Infinity) {
    this.#document = document;
    this.#maxDepth = maxDepth;
    this.#room = room;
  }

  /** What is copied is larger than `room` for certain, and not whole: whoever asked copies less deeply. */
  get isBeyond(): boolean {
    return this.#room < 0;
  }

  copy(schema: unknown, depth = 0): JsonObject | boolean {
    if (typeof schema === 'boolean') return schema;
    if (!isRecord(schema) || this.isBeyond) return {};
    const reference = own(schema, '$ref');
    const copied: JsonObject = {};
    if (typeof reference === 'string') this.#refer(reference, depth, copied);
    const description = textOf(own(schema, 'description'));
    if (description !== undefined) copied.description = shorten(description, maxDescription);
    if (depth >= this.#maxDepth) {
      if (isType(own(schema, 'type'))) copied.type = schema.type;
      return copied;
    }
    for (const [keyword, isRight] of Object.entries(plainKeywords)) {
      const value = own(schema, keyword);
      if (value !== undefined && isRight(value) && isSmall(value)) copied[keyword] = value;
    }
    const choices = [...new Set(listOf(own(schema, 'enum')))];
    if (choices.length > 0 && choices.length <= maxEnum && JSON.stringify(choices).length <= 8_000)
      copied.enum = choices;
    const examples = schemaExamples(schema);
    if (examples.length > 0) copied.examples = examples;
    const kind = discriminatorWords(schema);
    if (kind !== undefined)
      copied.description = shorten(
        [description, kind].filter((part) => part !== undefined).join(' '),
        maxDescription,
      );
    const pattern = textOf(own(schema, 'pattern'));
    if (pattern !== undefined && isPatient(pattern)) copied.pattern = pattern;
    this.#room -= sizeOf(copied);
    this.#copyNested(schema, copied, depth + 1);
    return copied;
  }

  /** The definitions that the copied schemas refer to, and those that these refer to; nearest first. */
  definitions(): JsonObject {
    const definitions: JsonObject = {};
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      definitions[next.name] = this.copy(next.target, next.depth);
    }
    return definitions;
  }

  #refer(reference: string, depth: number, copied: JsonObject): void {
    const known = this.#names.get(reference);
    if (known !== undefined) {
      copied.$ref = `#/$defs/${known}`;
      return;
    }
    const target = resolvePointer(this.#document, reference);
    // Outside the document, nowhere, or beyond the depth that fits: anything goes, and the server has the last word.
    if ((!isRecord(target) && typeof target !== 'boolean') || depth >= this.#maxDepth) return;
    const name = this.#nameFor(reference);
    this.#names.set(reference, name);
    this.#pending.push({ name, target, depth: depth + 1 });
    copied.$ref = `#/$defs/${name}`;
  }

  #nameFor(reference: string): string {
    const last = reference.slice(reference.lastIndexOf('/') + 1);
    const wanted = last.replace(/[^A-Za-z0-9_.-]+/g, '_').slice(0, 60) || 'schema';
    let name = wanted;
    for (let again = 2; this.#taken.has(name) || name === '__proto__'; again++) name = `${wanted}_${again}`;
    this.#taken.add(name);
    return name;
  }

  #copyNested(schema: JsonObject, copied: JsonObject, depth: number): void {
    const properties: JsonObject = {};
    const required = new Set(listOf(own(schema, 'required')));
    for (const [name, property] of entriesOf(own(schema, 'properties'))) {
      // What only the server sets has no place in a request.
      if (isReadOnly(this.#document, property)) required.delete(name);
      else properties[name] = this.copy(property, depth);
    }
    if (Object.keys(properties).length > 0) copied.properties = properties;
    const names = [...required].filter((name) => typeof name === 'string');
    if (names.length > 0) copied.required = names;
    for (const keyword of schemaKeywords) {
      const value = own(schema, keyword);
      if (isRecord(value) || typeof value === 'boolean') copied[keyword] = this.copy(value, depth);
    }
    for (const keyword of listKeywords) {
      const list = listOf(own(schema, keyword));
      if (list.length > 0) copied[keyword] = list.slice(0, maxEnum).map((one) => this.copy(one, depth));
    }
  }
}
