/**
 * `{{name}}` and `{{a.b}}` in a prompt or its guidance: which there are, and whether an input schema knows them.
 *
 * `{{input}}` is the whole input and `{{input.a}}` the same as `{{a}}`, unless the input has an entry of its own called
 * `input`. A number is an index into a list (`{{items.0.title}}`). Anything else between braces is left as it stands.
 *
 * `{{!name}}` is the text `{{name}}` itself, and `{{!!name}}` the text `{{!name}}`: what was written for another program.
 */
import { isRecord } from './is-record.ts';

const name = String.raw`[\p{L}_][\p{L}\p{N}_-]*`;

const path = String.raw`${name}(?:\.[\p{L}\p{N}_-]+)*`;

/** Its first group is what stands between the braces. */
export const placeholderPattern = new RegExp(String.raw`\{\{\s*(${path})\s*\}\}`, 'gu');

/** A placeholder, or one that is meant as text: groups are the marks of that, and what stands between the braces. */
export const bracesPattern = new RegExp(String.raw`\{\{(!*)(\s*${path}\s*)\}\}`, 'gu');

/** `text` of which nothing is filled in. */
export const escapePlaceholders = (text: string): string => text.replace(bracesPattern, '{{!$1$2}}');

/** The text that was meant: the other way round, where nothing is to be filled in. */
export const unescapePlaceholders = (text: string): string =>
  text.replace(bracesPattern, (_whole, marks: string, inner: string) => `{{${marks.slice(1)}${inner}}}`);

/** The placeholders of `text`, each once, in the order in which they appear, as written between the braces. */
export const findPlaceholders = (text: string): string[] => [
  ...new Set([...text.matchAll(placeholderPattern)].map((match) => match[1] ?? '')),
];

/** The parts of a placeholder from the input's top; a leading `input` falls away unless the input has such an entry. */
export function placeholderPath(placeholder: string, hasOwnInput: boolean): string[] {
  const parts = placeholder.split('.');
  return parts[0] === 'input' && !hasOwnInput ? parts.slice(1) : parts;
}

type Schema = Readonly<Record<string, unknown>>;

/** The placeholders of `text` that an input which fits `inputSchema` can never fill. */
export function undeclaredPlaceholders(text: string, inputSchema: Schema): string[] {
  const hasOwnInput = isRecord(inputSchema.properties) && Object.hasOwn(inputSchema.properties, 'input');
  return findPlaceholders(text).filter(
    (placeholder) => !mayHold(inputSchema, placeholderPath(placeholder, hasOwnInput)),
  );
}

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

/**
 * Whether a value that fits `schema` may have something at `path`. An object that lists its properties is taken at its
 * word, although JSON Schema lets others in unless `additionalProperties` says no.
 */
function mayHold(schema: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (!isRecord(schema)) return schema !== false;
  if (open.some((keyword) => keyword in schema)) return true;
  const types = [schema.type ?? ['object', 'array']].flat();
  const isIndex = /^\d+$/.test(key);
  if (types.includes('array') && isIndex) {
    const places = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    return mayHold(places[Number(key)] ?? schema.items, rest);
  }
  if (!types.includes('object')) return false;
  if (isRecord(schema.properties) && Object.hasOwn(schema.properties, key)) {
    return mayHold(schema.properties[key], rest);
  }
  if (isRecord(schema.additionalProperties) || schema.additionalProperties === true) {
    return mayHold(schema.additionalProperties, rest);
  }
  return schema.properties === undefined && schema.additionalProperties !== false;
}
