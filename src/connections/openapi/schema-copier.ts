/**
 * Copies schemas of a document into one tool's input schema: `#/components/schemas/X` becomes `#/$defs/X`, never
 * inlined, so recursion stays a reference. Only known keywords go along, within bounds: a description may lie and a
 * pattern may never end, but neither may be large or executable.
 */
import { isRecord } from '../../contract/is-record.ts';
import { share } from '../tools/shared-json.ts';
import { sizeOf } from '../tools/size-of.ts';
import { schemaExamples } from './examples.ts';
import { entriesOf, type JsonObject, listOf, own, shorten, textOf } from './json.ts';
import { dereference, resolvePointer } from './references.ts';
import {
  isPatient,
  isSmall,
  isType,
  listKeywords,
  maxDescription,
  maxEnum,
  plainKeywords,
  schemaKeywords,
} from './schema-keywords.ts';

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

/** A copy that other tools can have as well, and what it took. */
type Copy = {
  copied: JsonObject;
  /** Levels below where it begins, references not followed. */
  height: number;
  /** The references in it, in order: how far below, and the names that they got. */
  references: { reference: string; below: number; name: string }[];
  size: number;
};

/** What references within a document lead to, by document: thousands lead to the same hundreds. */
const targets = new WeakMap<object, Map<string, unknown>>();

function targetOf(document: unknown, reference: string): unknown {
  if (!isRecord(document)) return undefined;
  const known = targets.get(document) ?? new Map<string, unknown>();
  targets.set(document, known);
  if (!known.has(reference)) known.set(reference, resolvePointer(document, reference));
  return known.get(reference);
}

/** By what was copied, and what for. */
const copies = new WeakMap<object, Map<string, Copy>>();

export class SchemaCopier {
  readonly #document: unknown;
  readonly #maxDepth: number;
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #pending: { name: string; target: unknown; depth: number }[] = [];
  #room: number;
  /** The copy for others that is being made, and at which level it began; undefined where it turned out to be for this tool alone. */
  #making: (Omit<Copy, 'copied'> & { depth: number }) | undefined;

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
      this.#making = undefined;
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
    this.#take(sizeOf(copied));
    if (this.#making) this.#making.height = Math.max(this.#making.height, depth - this.#making.depth);
    this.#copyNested(schema, copied, depth + 1);
    return copied;
  }

  /** The definitions that the copied schemas refer to, and those that these refer to; nearest first. */
  definitions(): JsonObject {
    const definitions: JsonObject = {};
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      const { name, target, depth } = next;
      definitions[name] = isRecord(target)
        ? this.once(target, '', depth, () => {
            const copied = this.copy(target, depth);
            return isRecord(copied) ? copied : {};
          })
        : this.copy(target, depth);
    }
    return definitions;
  }

  /**
   * What `make` makes of `source`, or what it made of it for another tool: where nothing of that was cut for depth, then or
   * now, and its references have the same names here. Whoever gets it changes nothing in it.
   *
   * @param purpose what is made, where there can be several
   */
  once(source: object, purpose: string, depth: number, make: () => JsonObject): JsonObject {
    const known = copies.get(source)?.get(purpose);
    if (known !== undefined && depth + known.height < this.#maxDepth && this.#namesAre(known, depth)) {
      this.#room -= known.size;
      return known.copied;
    }
    this.#making = { depth, height: 0, references: [], size: 0 };
    const copied = make();
    const made = this.#making;
    this.#making = undefined;
    if (made === undefined || this.isBeyond) return copied;
    const { depth: _depth, ...rest } = made;
    const ofSource = copies.get(source) ?? new Map<string, Copy>();
    copies.set(source, ofSource.set(purpose, { ...rest, copied: share(copied) }));
    return copied;
  }

  /** Takes their names, in order. */
  #namesAre({ references }: Copy, depth: number): boolean {
    return references.every(({ reference, below, name }) => this.#named(reference, depth + below) === name);
  }

  #take(size: number): void {
    this.#room -= size;
    if (this.#making) this.#making.size += size;
  }

  #refer(reference: string, depth: number, copied: JsonObject): void {
    const name = this.#named(reference, depth);
    if (name === undefined) return;
    this.#making?.references.push({ reference, below: depth - this.#making.depth, name });
    copied.$ref = `#/$defs/${name}`;
  }

  #named(reference: string, depth: number): string | undefined {
    const known = this.#names.get(reference);
    if (known !== undefined) return known;
    const target = targetOf(this.#document, reference);
    // Outside the document, nowhere, or beyond the depth that fits: anything goes, and the server has the last word.
    if ((!isRecord(target) && typeof target !== 'boolean') || depth >= this.#maxDepth) return undefined;
    const name = this.#nameFor(reference);
    this.#names.set(reference, name);
    this.#pending.push({ name, target, depth: depth + 1 });
    return name;
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
