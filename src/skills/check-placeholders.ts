/** Placeholders that a skill's own `inputSchema` can never fill: most often a slip of the pen, so said at save. */
import type { Step } from '../contract/skills.ts';
import type { FieldError } from '../kernel/errors.ts';
import { findPlaceholders, placeholderPath } from './placeholders.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Keywords that may declare properties elsewhere: under one of these nothing is said. */
const open = [
  '$ref',
  '$dynamicRef',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'patternProperties',
  'dependentSchemas',
  'unevaluatedProperties',
];

/** One entry for each prompt and guidance that asks for something that `inputSchema` does not declare. */
export function placeholderProblems(steps: readonly Step[], inputSchema: Schema): FieldError[] {
  const hasOwnInput = isSchema(inputSchema.properties) && Object.hasOwn(inputSchema.properties, 'input');
  return steps.flatMap((step, index) =>
    (['prompt', 'guidance'] as const).flatMap((field) => {
      const strangers = findPlaceholders(step[field] ?? '').filter(
        (placeholder) => !mayHold(inputSchema, placeholderPath(placeholder, hasOwnInput)),
      );
      if (strangers.length === 0) return [];
      const names = strangers.map((placeholder) => `{{${placeholder}}}`).join(', ');
      return [{ field: `/steps/${index}/${field}`, message: `inputSchema does not declare ${names}` }];
    }),
  );
}

/**
 * Whether a value that fits `schema` may have something at `path`. An object that lists its properties is taken at its
 * word, although JSON Schema lets others in unless `additionalProperties` says no.
 */
function mayHold(schema: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (!isSchema(schema)) return schema !== false;
  if (open.some((keyword) => keyword in schema)) return true;
  const types = [schema.type ?? ['object', 'array']].flat();
  const isIndex = /^\d+$/.test(key);
  if (types.includes('array') && isIndex) {
    const places = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    return mayHold(places[Number(key)] ?? schema.items, rest);
  }
  if (!types.includes('object')) return false;
  if (isSchema(schema.properties) && Object.hasOwn(schema.properties, key)) {
    return mayHold(schema.properties[key], rest);
  }
  if (isSchema(schema.additionalProperties) || schema.additionalProperties === true) {
    return mayHold(schema.additionalProperties, rest);
  }
  return schema.properties === undefined && schema.additionalProperties !== false;
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
