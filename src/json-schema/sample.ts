/**
 * Values that fit a JSON Schema: from the run's input where names match, from what the tools said, from the schema's own
 * defaults, choices and examples, and made up only where nothing is left. The same question has the same answer every time.
 */
import { isRecord } from '../contract/is-record.ts';
import type { Facts } from './facts.ts';
import { pathKind, plainName, singular } from './field-names.ts';
import { sampleTexts } from './sample-text.ts';
import { flatten, join, type Schema, type SchemaChecks } from './schema.ts';

export type Sample = {
  value: unknown;
  /** Nothing stands behind it: better asked again when more is known. */
  isMadeUp: boolean;
};

export type Sources = {
  input: Record<string, unknown>;
  facts: Facts;
  /** Whose arguments these are. */
  toolName: string;
};

const deepest = 8;
/** A schema that branches without end is given up on. */
const mostSteps = 5_000;
const mostBranches = 8;

/** Makes samples for one schema. */
export class Sampler {
  readonly #root: Schema;
  readonly #sources: Sources;
  readonly #checks: SchemaChecks;
  readonly #given: Map<string, unknown[]>;
  #steps = 0;

  constructor(root: Schema, sources: Sources, checks: SchemaChecks) {
    this.#root = root;
    this.#sources = sources;
    this.#checks = checks;
    this.#given = byName(sources.input);
  }

  /** A value that the whole schema accepts; undefined when none was found. */
  sample(): Sample | undefined {
    const isValid = this.#checks.of(this.#root);
    if (!isValid) return undefined;
    return this.#candidates(this.#root, '', 0).find(({ value }) => isValid(value));
  }

  /** What a field may be, the best first; not all of it fits. */
  #candidates(schema: Schema, field: string, depth: number): Sample[] {
    this.#steps += 1;
    if (depth > deepest || this.#steps > mostSteps) return [];
    const flat = flatten(schema, this.#root);
    return [
      ...(depth === 0 ? [] : this.#known(flat, field)),
      ...this.#written(flat),
      ...this.#branches(flat).flatMap((branch) => this.#candidates(branch, field, depth + 1)),
      ...this.#made(flat, field, depth),
    ];
  }

  /** From the run's input, then from results. */
  #known(schema: Schema, field: string): Sample[] {
    const { facts, toolName } = this.#sources;
    const name = plainName(field);
    const kind = pathKind(field, toolName);
    const places = kind === 'file' ? facts.files : kind === 'folder' ? facts.folders : [];
    return [
      ...this.#fromInput(schema, field),
      ...places.slice(0, 1).map((value) => ({ value, isMadeUp: false })),
      ...(facts.values.get(name) ?? [])
        .slice(0, 3)
        .flatMap((value) => forms(value, schema))
        .map((value) => ({ value, isMadeUp: false })),
      ...(kind
        ? [...facts.folders, ...facts.files].slice(0, 1).map((value) => ({ value, isMadeUp: true }))
        : []),
    ];
  }

  #fromInput(schema: Schema, field: string): Sample[] {
    return (this.#given.get(plainName(field)) ?? [])
      .flatMap((value) => forms(value, schema))
      .map((value) => ({ value, isMadeUp: false }));
  }

  /** What the schema itself offers. */
  #written(schema: Schema): Sample[] {
    const { default: standard, const: only, enum: choices, examples } = schema;
    return [only, standard, ...list(choices), ...list(examples)]
      .filter((value) => value !== undefined)
      .map((value) => ({ value, isMadeUp: false }));
  }

  /** One schema for each way that the schema leaves open. */
  #branches(schema: Schema): Schema[] {
    const { anyOf, oneOf, then: yes, else: no, if: _, ...base } = schema;
    const choices = [...list(anyOf), ...list(oneOf)].filter(isRecord).slice(0, mostBranches);
    const conditions = [yes, no].filter(isRecord);
    const nullLast = [...choices].sort((a, b) => Number(a.type === 'null') - Number(b.type === 'null'));
    return [...nullLast, ...conditions].map((part) => join(base, flatten(part, this.#root)));
  }

  #made(schema: Schema, field: string, depth: number): Sample[] {
    return typesOf(schema).flatMap((type): Sample[] => {
      switch (type) {
        case 'object':
          return this.#objects(schema, depth);
        case 'array':
          return this.#arrays(schema, field, depth);
        case 'boolean':
          return [false, true].map((value) => ({ value, isMadeUp: false }));
        case 'null':
          return [{ value: null, isMadeUp: false }];
        case 'integer':
        case 'number':
          return numbers(schema).map((value) => ({ value, isMadeUp: true }));
        default:
          return sampleTexts(schema, field).map((value) => ({ value, isMadeUp: true }));
      }
    });
  }

  #objects(schema: Schema, depth: number): Sample[] {
    const properties = isRecord(schema.properties) ? schema.properties : {};
    const required = list(schema.required).filter((name) => typeof name === 'string');
    const least = typeof schema.minProperties === 'number' ? schema.minProperties : 0;
    const names = [...required];
    for (const name of Object.keys(properties))
      if (names.length < least && !names.includes(name)) names.push(name);
    const value: Record<string, unknown> = {};
    let isMadeUp = false;
    for (const name of names) {
      const chosen = this.#choose(isRecord(properties[name]) ? properties[name] : {}, name, depth);
      if (!chosen) return [];
      value[name] = chosen.value;
      isMadeUp ||= chosen.isMadeUp;
    }
    const needed = { value: { ...value }, isMadeUp };
    for (const [name, property] of Object.entries(properties)) {
      if (name in value || !isRecord(property)) continue;
      const chosen = this.#fitting(this.#fromInput(flatten(property, this.#root), name), property);
      if (chosen) value[name] = chosen.value;
    }
    return [{ value, isMadeUp }, needed];
  }

  #arrays(schema: Schema, field: string, depth: number): Sample[] {
    const least = typeof schema.minItems === 'number' ? schema.minItems : 0;
    const first = list(schema.prefixItems).filter(isRecord);
    const rest = isRecord(schema.items) ? schema.items : {};
    const items: Sample[] = [];
    for (let index = 0; index < Math.min(Math.max(least, 1), 100); index++) {
      const item = first[index] ?? rest;
      const others = items.map(({ value }) => JSON.stringify(value));
      const candidates = this.#candidates(item, singular(field), depth + 1).filter(
        ({ value }) => schema.uniqueItems !== true || !others.includes(JSON.stringify(value)),
      );
      const chosen = this.#fitting(candidates, item);
      if (!chosen) break;
      items.push(chosen);
    }
    const isMadeUp = items.length === 0 || items.some((item) => item.isMadeUp);
    return [
      { value: items.map(({ value }) => value), isMadeUp },
      { value: [], isMadeUp: true },
    ];
  }

  #choose(schema: Schema, field: string, depth: number): Sample | undefined {
    return this.#fitting(this.#candidates(schema, field, depth + 1), schema);
  }

  #fitting(candidates: Sample[], schema: Schema): Sample | undefined {
    if (candidates.length === 0) return undefined;
    const { $defs, definitions } = this.#root;
    const isValid = this.#checks.of({
      ...(typeof this.#root.$schema === 'string' ? { $schema: this.#root.$schema } : {}),
      ...($defs === undefined ? {} : { $defs }),
      ...(definitions === undefined ? {} : { definitions }),
      ...schema,
    });
    // A part that cannot be checked alone (it refers to the whole) is checked with the whole.
    return isValid ? candidates.find(({ value }) => isValid(value)) : candidates[0];
  }
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function typesOf({ type, properties, required, items, prefixItems }: Schema): string[] {
  if (typeof type === 'string') return [type];
  if (Array.isArray(type))
    return [...type].map(String).sort((a, b) => Number(a === 'null') - Number(b === 'null'));
  if (properties !== undefined || required !== undefined) return ['object'];
  if (items !== undefined || prefixItems !== undefined) return ['array'];
  return ['string', 'integer', 'object', 'array', 'boolean'];
}

/** A value as it is, and as the schema's type would write it. */
function forms(value: unknown, schema: Schema): unknown[] {
  const types = typesOf(schema);
  const others: unknown[] = [];
  if (types.includes('array') && !Array.isArray(value)) others.push([value]);
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    others.push(Number(value));
  if (typeof value === 'number') others.push(String(value));
  return [value, ...others];
}

/** Numbers within the schema's bounds, the plainest first. */
function numbers(schema: Schema): number[] {
  const read = (key: string) => (typeof schema[key] === 'number' ? schema[key] : undefined);
  const step = read('multipleOf') ?? 1;
  const least = read('minimum') ?? read('exclusiveMinimum');
  const most = read('maximum') ?? read('exclusiveMaximum');
  const bounds = [least, most].filter((bound) => bound !== undefined);
  return [1, 0, ...bounds.flatMap((bound) => near(bound, step))];
}

const near = (bound: number, step: number): number[] => {
  const multiple = Math.ceil(bound / step) * step;
  return [bound, multiple, multiple + step, multiple - step, bound + step / 2, bound - step / 2];
};

/** The run's input by plain name: each value under its key, and under its parent's name and key. */
function byName(input: Record<string, unknown>, parent = '', depth = 0): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  const add = (name: string, value: unknown) =>
    found.set(plainName(name), [...(found.get(plainName(name)) ?? []), value]);
  for (const [key, value] of Object.entries(input)) {
    add(key, value);
    if (parent !== '') add(parent + key, value);
    if (!isRecord(value) || depth > deepest) continue;
    for (const [name, values] of byName(value, key, depth + 1)) for (const each of values) add(name, each);
  }
  return found;
}
