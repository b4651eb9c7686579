/** What must hold of a config beyond its shape, and what a person should know of it. */
import { connectionTypes } from '../../contract/connection-types.ts';
import type { FieldError } from '../../kernel/errors.ts';
import { jsonPointer } from '../../kernel/validate.ts';
import { isFoundEverywhere, shortestForm } from '../../vault/redact/secret-forms.ts';
import { sealedPrefix } from '../../vault/seal.ts';
import { rulesOf, secretsNamed } from './by-type.ts';
import { mapLeaves, secretLeaves } from './leaves.ts';
import type { TypedConfig } from './typed-config.ts';

/**
 * Why a config cannot be kept; empty when it can. Secrets that are given now stand open in it, others sealed.
 *
 * @param options.isComplete false where a secret that an argument or the address names may still be missing
 */
export function configProblems(
  typed: TypedConfig,
  { home, isComplete = true }: { home: string; isComplete?: boolean },
): FieldError[] {
  const { config } = typed;
  return [
    ...rulesOf(typed).problems(config, home),
    ...(isComplete ? missingSecrets(typed) : []),
    ...Object.entries(config.secrets).flatMap(([name, value]) =>
      value === '' ? [{ field: `/config/secrets/${name}`, message: 'is empty' }] : [],
    ),
    ...sealedLooking(mapLeaves(config, () => '')),
  ];
}

/** What should be said to whoever saves a config. */
export const configWarnings = (typed: TypedConfig): string[] => [
  ...shortSecrets(typed),
  ...rulesOf(typed).warnings(typed.config),
];

/** A warning where a secret is too short for the redactor to find it wherever it stands; secrets stand open in `typed`. */
export function shortSecrets(typed: TypedConfig): string[] {
  const short = secretLeaves(typed.config)
    .filter(({ value }) => !isFoundEverywhere(value))
    .map(({ path: [, field] }) => field);
  if (short.length === 0) return [];
  return [
    `${short.join(', ')} is shorter than ${shortestForm} characters, too short to be found and redacted in results.`,
  ];
}

/** Fields of secrets that an argument or the address names and that are not there. */
const missingSecrets = (typed: TypedConfig): FieldError[] =>
  secretsNamed(typed)
    .filter((name) => !Object.hasOwn(typed.config.secrets, name))
    .map((name) => ({
      field: `/config/secrets/${name}`,
      message: `is named by ${connectionTypes[typed.type].place} and missing`,
    }));

/** The vault takes every text that begins so for one of its own. */
function sealedLooking(value: unknown, path: string[] = ['config']): FieldError[] {
  if (typeof value === 'string') {
    return value.startsWith(sealedPrefix)
      ? [{ field: jsonPointer(path), message: `no text but a sealed value begins with ${sealedPrefix}` }]
      : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => sealedLooking(inner, [...path, key]));
}
