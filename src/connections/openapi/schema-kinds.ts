/** What a schema is of, as far as the form of a request depends on it. */
import { isRecord } from '../../contract/is-record.ts';
import { listOf, own, textOf } from './json.ts';
import { kindOf } from './media-types.ts';
import { dereference } from './references.ts';

const maxDepth = 8;

/** True for a schema of raw bytes, in the words of 3.0 (`format: binary`) and of 3.1; also one that may be null besides. */
export function isFile(document: unknown, given: unknown, depth = 0): boolean {
  const schema = dereference(document, given);
  if (own(schema, 'format') === 'binary') return true;
  const media = textOf(own(schema, 'contentMediaType'));
  if (media !== undefined) return kindOf(media) === 'binary' && own(schema, 'contentEncoding') === undefined;
  return (
    depth < maxDepth &&
    ['allOf', 'anyOf', 'oneOf'].some((keyword) =>
      listOf(own(schema, keyword)).some((one) => isFile(document, one, depth + 1)),
    )
  );
}

const says = [
  'type',
  'enum',
  'const',
  'anyOf',
  'oneOf',
  'allOf',
  'properties',
  'items',
  'additionalProperties',
];

/** True for a schema that says nothing of what its values are: 3.0's `format: binary` of a whole body is one in 3.1. */
export function isBare(document: unknown, given: unknown): boolean {
  const schema = dereference(document, given);
  return !isRecord(schema) || says.every((keyword) => own(schema, keyword) === undefined);
}

/** Whether a schema says that values of `type` are among its own; not of one that says nothing. */
export function accepts(
  document: unknown,
  given: unknown,
  type: 'null' | 'string' | 'object',
  depth = 0,
): boolean {
  const schema = dereference(document, given);
  if (!isRecord(schema) || depth > maxDepth) return false;
  const { type: named, enum: choices, const: only, anyOf, oneOf, allOf, properties } = schema;
  if (named !== undefined) return named === type || listOf(named).includes(type);
  if ('const' in schema) return typeOf(only) === type;
  if (Array.isArray(choices)) return choices.some((one) => typeOf(one) === type);
  for (const branches of [anyOf, oneOf])
    if (Array.isArray(branches)) return branches.some((one) => accepts(document, one, type, depth + 1));
  const parts = listOf(allOf).filter((one) => !isBare(document, one));
  if (parts.length > 0) return parts.every((one) => accepts(document, one, type, depth + 1));
  return properties !== undefined && type === 'object';
}

const typeOf = (value: unknown): string => (value === null ? 'null' : typeof value);
