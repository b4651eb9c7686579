/** What a zod schema refuses, as the one error that every interface shows. */
import type { z } from 'zod';
import { AlfredError, type FieldError } from './errors.ts';

/** RFC 6901 text of a path: `/steps/0/prompt`; empty for the whole document. */
export const jsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** One entry for each field that is wrong. What stood in a field is never repeated: it may be a secret. */
export function fieldErrors(
  issues: readonly z.core.$ZodIssue[],
  prefix: readonly PropertyKey[] = [],
): FieldError[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: jsonPointer([...path, key]),
        message: 'is not a known field',
      }));
    }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      // The branch that came furthest is the one that was meant.
      const branches = [...issue.errors].sort((a, b) => depth(b) - depth(a));
      if (depth(branches[0] ?? []) > 0) return fieldErrors(branches[0] ?? [], path);
    }
    const isMissing = issue.code === 'invalid_type' && / received undefined$/.test(issue.message);
    return [{ field: jsonPointer(path), message: isMissing ? 'is required' : issue.message }];
  });
}

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map((issue) => issue.path.length));

/** E_VALIDATION with `fields`, their first named in the sentence. */
export function validationError(what: string, fields: readonly FieldError[]): AlfredError {
  const shown = fields.slice(0, 3).map(({ field, message }) => `${field || 'it'}: ${message}`);
  const more = fields.length > shown.length ? `, and ${fields.length - shown.length} more` : '';
  return new AlfredError('E_VALIDATION', `${what} is not right: ${shown.join('; ')}${more}`, {
    fields: fields.slice(0, 100),
  });
}

/**
 * Parses `value`.
 *
 * @param what names it in the sentence, with a capital: 'The skill'
 * @throws AlfredError E_VALIDATION that names every wrong field by JSON pointer
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw validationError(what, fieldErrors(parsed.error.issues));
}
