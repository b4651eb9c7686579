/** JSON Schemas of tools: any draft that servers use, nothing fetched. */

import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { isRecord } from '../contract/is-record.ts';

// A CommonJS module whose types name its default export only.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

export type Schema = Record<string, unknown>;

// The schemas are the servers' own: to hold them to the meta-schema as well would cost more than all the rest.
const options: Options = {
  strict: false,
  validateSchema: false,
  validateFormats: true,
  addUsedSchema: false,
  logger: false,
};

/** Compiles schemas, each text once. */
export class SchemaChecks {
  readonly #known = new Map<string, ValidateFunction | undefined>();
  readonly #old = prepared(new Ajv(options));
  readonly #new = prepared(new Ajv2020(options));

  /** The check for values of `schema`; undefined when it is no schema that can be understood. */
  of(schema: Schema): ValidateFunction | undefined {
    const text = JSON.stringify(schema);
    const known = this.#known.get(text);
    if (known || this.#known.has(text)) return known;
    const check = this.#compile(schema);
    this.#known.set(text, check);
    return check;
  }

  #compile(schema: Schema): ValidateFunction | undefined {
    const isOld = typeof schema.$schema === 'string' && /draft-0[4-7]/.test(schema.$schema);
    const { $schema: _, $id: __, ...bare } = schema;
    for (const ajv of isOld ? [this.#old] : [this.#new, this.#old]) {
      try {
        return ajv.compile(bare);
      } catch {
        // The next dialect may understand it; where none does, the caller says so.
      }
    }
    return undefined;
  }
}

function prepared<Dialect extends Ajv>(ajv: Dialect): Dialect {
  addFormats(ajv);
  return ajv;
}

/** What `#/…` stands for (RFC 6901); undefined for every other reference. */
function resolveReference(root: Schema, reference: string): Schema | undefined {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  const parts = reference
    .slice(2)
    .split('/')
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  let found: unknown = root;
  for (const part of parts) {
    found = isRecord(found) || Array.isArray(found) ? Reflect.get(found, part) : undefined;
  }
  return isRecord(found) ? found : undefined;
}

/** `schema` with its reference and the parts of its `allOf` written out. */
export function flatten(schema: Schema, root: Schema, depth = 0): Schema {
  if (depth > 16) return schema;
  let flat = schema;
  if (typeof schema.$ref === 'string') {
    const { $ref, ...rest } = schema;
    flat = join(flatten(resolveReference(root, schema.$ref) ?? {}, root, depth + 1), rest);
  }
  if (Array.isArray(flat.allOf)) {
    const { allOf, ...rest } = flat;
    flat = (allOf as unknown[])
      .filter(isRecord)
      .reduce((sum: Schema, part) => join(sum, flatten(part, root, depth + 1)), rest);
  }
  return flat;
}

/** Both schemas at once, as far as a sample needs it: the validation decides in the end. */
export const join = (a: Schema, b: Schema): Schema => ({
  ...a,
  ...b,
  ...(isRecord(a.properties) && isRecord(b.properties)
    ? { properties: { ...a.properties, ...b.properties } }
    : {}),
  ...(Array.isArray(a.required) && Array.isArray(b.required)
    ? { required: [...new Set([...a.required, ...b.required])] }
    : {}),
});
