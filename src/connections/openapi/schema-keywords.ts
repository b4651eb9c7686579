/** The keywords of a schema that a tool's input schema takes along, and within which bounds. */

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isText = (value: unknown): boolean => typeof value === 'string';
const isAnything = (): boolean => true;
const types = new Set<unknown>(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
export const isType = (value: unknown): boolean =>
  types.has(value) ||
  (Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((one) => types.has(one)));

/** Keywords that are copied as they are, where they are what JSON Schema wants: one wrong value makes all tools unusable for a model. */
export const plainKeywords: Record<string, (value: unknown) => boolean> = {
  type: isType,
  format: isText,
  default: isAnything,
  const: isAnything,
  deprecated: isFlag,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  uniqueItems: isFlag,
  minProperties: isCount,
  maxProperties: isCount,
  contentEncoding: isText,
  contentMediaType: isText,
  multipleOf: (value) => isNumber(value) && Number(value) > 0,
};
export const schemaKeywords = ['items', 'additionalProperties', 'not', 'contains', 'propertyNames'];
export const listKeywords = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];

export const maxDescription = 400;
export const maxEnum = 300;
const maxPattern = 200;

/** Patterns that JavaScript may take forever over: a repeated group that itself repeats or chooses. */
export const isPatient = (pattern: string): boolean =>
  pattern.length <= maxPattern &&
  !/\([^()]*[+*|][^()]*\)\s*[+*{?]|\)\s*[+*{][^()]*\)/.test(pattern) &&
  isPattern(pattern);

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** A small plain value as it is; anything large is left out. */
export const isSmall = (value: unknown): boolean => (JSON.stringify(value) ?? '').length <= 2_000;
