/**
 * The form of a step's output as the agent's program takes it. To the program the output is the arguments of a tool: an
 * object, checked by a schema of draft 07 with no keyword that this draft does not know. What a schema says beyond that is
 * left out for the program, and holds all the same: `step-outcome.ts` checks the output by the schema itself.
 */
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { schemaProblems } from '../json-schema/json-schema.ts';
import { type FieldError, messageOf } from '../kernel/errors.ts';

// A CommonJS module whose types name its default export only.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

type Schema = Readonly<Record<string, unknown>>;

/** Where a schema of anything but an object stands. */
const field = 'value';

/** Keywords that the Messages API does not take at the root of a tool's schema, and `moved` can move. */
const notAtRoot = ['$ref', 'anyOf', 'oneOf', 'allOf', 'not', 'if', 'enum', 'const'];

const isPlainObject = (schema: Schema): boolean =>
  schema.type === 'object' && !notAtRoot.some((keyword) => keyword in schema);

/** The schema that the agent's program is given. */
export function toAgentForm(schema: Schema): Record<string, unknown> {
  if (isPlainObject(schema)) return formOf(schema, '#');
  return {
    type: 'object',
    properties: { [field]: formOf(schema, `#/properties/${field}`) },
    required: [field],
    additionalProperties: false,
  };
}

/** The output, of what the agent's program gave for `toAgentForm(schema)`. */
export const fromAgentForm = (schema: Schema, given: unknown): unknown =>
  isPlainObject(schema) ? given : (given as Record<string, unknown> | null)?.[field];

/** What is wrong with a step's `outputSchema`, as one entry under `field`; nothing when answers can be had in its form. */
export function outputSchemaProblems(schema: Schema, field: string): FieldError[] {
  const wrong = schemaProblems(schema, field);
  if (wrong.length > 0) return wrong;
  try {
    // As the agent's program does it.
    const ajv = new Ajv({ logger: false });
    addFormats(ajv);
    ajv.compile(toAgentForm(schema));
    return [];
  } catch (error) {
    return [{ field, message: `cannot be the form of an answer: ${messageOf(error)}` }];
  }
}

/** Keywords of draft 07 by what they hold: schemas by name, schemas, and values that are no schemas. */
const named = new Set(['properties', 'patternProperties', '$defs', 'definitions']);
const nested = new Set([
  ...['items', 'contains', 'additionalProperties', 'propertyNames'],
  ...['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'],
]);
const plain = new Set([
  ...['type', 'enum', 'const', 'default', 'examples', 'title', 'description', 'readOnly', 'writeOnly'],
  ...['required', 'minProperties', 'maxProperties', 'minItems', 'maxItems', 'uniqueItems', 'pattern'],
  ...['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
]);

/** @param root where the schema that `#` names stands now */
function formOf<Part>(part: Part, root: string): Part;
function formOf(part: unknown, root: string): unknown {
  if (Array.isArray(part)) return part.map((each) => formOf(each, root));
  if (part === null || typeof part !== 'object') return part;
  const known: [string, unknown][] = [];
  for (const [key, value] of Object.entries(part)) {
    if (key === '$ref') known.push([key, refOf(value, root)]);
    else if (named.has(key)) {
      const entries = Object.entries(value as Record<string, unknown>);
      known.push([key, Object.fromEntries(entries.map(([name, each]) => [name, formOf(each, root)]))]);
    } else if (nested.has(key)) known.push([key, formOf(value, root)]);
    else if (plain.has(key) || (key === 'format' && typeof value === 'string' && value in fullFormats))
      known.push([key, value]);
  }
  // A condition from which nothing follows is an error to the program's checker.
  const form = Object.fromEntries(known);
  if (!('then' in form) && !('else' in form)) delete form.if;
  return form;
}

const refOf = (value: unknown, root: string): unknown =>
  typeof value === 'string' && /^#(?:\/|$)/.test(value) ? root + value.slice(1) : value;
