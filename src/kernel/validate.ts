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
    return [{ field: jsonPointer(path), message: inWords(issue) }];
  });
}

type Issue = z.core.$ZodIssue;

/** zod's own sentences are for programmers; those that a schema of ours brings along are kept. */
function inWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (/ received undefined$/.test(issue.message)) return 'is required';
      return /^Invalid input/.test(issue.message)
        ? `must be ${typeWords[issue.expected] ?? issue.expected}`
        : issue.message;
    case 'too_small':
      return /^Too small/.test(issue.message) ? tooSmall(issue) : issue.message;
    case 'too_big':
      return /^Too big/.test(issue.message) ? tooBig(issue) : issue.message;
    case 'invalid_value': {
      const values = issue.values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
      if (!/^Invalid/.test(issue.message)) return issue.message;
      return values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`;
    }
    case 'invalid_format':
      return /^Invalid/.test(issue.message)
        ? `must be ${formatWords[issue.format] ?? `a valid ${issue.format}`}`
        : issue.message;
    case 'invalid_key':
      return issue.issues[0] === undefined
        ? 'has a wrong name'
        : `has a wrong name: ${inWords(issue.issues[0])}`;
    case 'invalid_union':
      if ('discriminator' in issue && issue.discriminator !== undefined && issue.errors.length === 0)
        return unionWords('options' in issue ? issue.options : undefined);
      return /^Invalid input/.test(issue.message) ? 'has a form that does not fit here' : issue.message;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    default:
      return /^Invalid/.test(issue.message) ? 'is not right' : issue.message;
  }
}

const typeWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
};

const formatWords: Record<string, string> = {
  datetime: 'a time in UTC such as 2026-11-23T08:30:00Z',
  uuid: 'a UUID',
  url: 'an address',
};

const unionWords = (options: unknown): string =>
  Array.isArray(options) && options.length > 0
    ? `must be one of ${options.join(', ')}`
    : 'is not a known kind';

const amount = (count: number | bigint, one: string, many: string) =>
  `${count} ${Number(count) === 1 ? one : many}`;

function tooSmall({ origin, minimum, inclusive }: Extract<Issue, { code: 'too_small' }>): string {
  if (origin === 'string')
    return Number(minimum) === 1
      ? 'must not be empty'
      : `must have at least ${amount(minimum, 'character', 'characters')}`;
  if (origin === 'array' || origin === 'set')
    return `must have at least ${amount(minimum, 'entry', 'entries')}`;
  return inclusive === false ? `must be more than ${minimum}` : `must be at least ${minimum}`;
}

function tooBig({ origin, maximum, inclusive }: Extract<Issue, { code: 'too_big' }>): string {
  if (origin === 'string') return `must have at most ${amount(maximum, 'character', 'characters')}`;
  if (origin === 'array' || origin === 'set')
    return `must have at most ${amount(maximum, 'entry', 'entries')}`;
  return inclusive === false ? `must be less than ${maximum}` : `must be at most ${maximum}`;
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
