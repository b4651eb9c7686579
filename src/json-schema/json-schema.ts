/** The JSON Schemas that people write: a skill's `inputSchema`, a step's `outputSchema`. Draft 2020-12, nothing fetched. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { isLongInteger } from '../contract/exact-json.ts';
import { callWithin, tooLong } from '../kernel/call-within.ts';
import { AlfredError, type FieldError, messageOf } from '../kernel/errors.ts';

// A CommonJS module whose types name its default export only.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

/** Of a schema's JSON text, in characters: compiling one makes code, and large ones make much. */
const longestSchema = 100_000;

/** How many compiled schemas are kept, so that runs of the same skills compile nothing. */
const mostKept = 200;
const kept = new Map<string, SchemaCheck>();

/** A compiled schema. */
export type SchemaCheck = {
  validate: ValidateFunction;
  /** Whether a value can take far longer to check than to read: by a pattern that backtracks, say. */
  isCostly: boolean;
  /** Until when nothing is checked, in milliseconds since 1970: a check was given up. */
  restsUntil: number;
};

const costly = /"(?:pattern|patternProperties|propertyNames|format|uniqueItems|\$ref|\$dynamicRef)":/;

/** How long one check may work while everything else waits for it, and how long the schema then rests, in milliseconds. */
const longestCheckMs = 250;
const restMs = 10_000;

/** Checks schemas themselves. Made at the first one, as the schema of schemas takes 15 ms to compile. */
let metaSchema: Ajv2020 | undefined;

/**
 * Compiles a schema, each on its own, so that two skills may use the same `$id` and neither sees the other.
 *
 * @throws AlfredError E_VALIDATION when it is no valid draft 2020-12 schema, or refers to something outside itself
 */
export function compileSchema(schema: Readonly<Record<string, unknown>>): SchemaCheck {
  const text = JSON.stringify(schema);
  if (text.length > longestSchema) {
    throw new AlfredError('E_VALIDATION', `The JSON Schema is longer than ${longestSchema} characters`);
  }
  const known = kept.get(text);
  if (known) return known;
  const check = { validate: compile(schema), isCostly: costly.test(text), restsUntil: 0 };
  const [oldest] = kept.keys();
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
  kept.set(text, check);
  return check;
}

function compile(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  metaSchema ??= new Ajv2020({ strict: false, logger: false });
  try {
    if (!metaSchema.validateSchema(schema))
      throw new Error(metaSchema.errorsText(metaSchema.errors, { dataVar: 'schema' }));
    const ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      // An integer that no JavaScript number can hold comes as its digits.
      verbose: true,
      logger: false,
      meta: false,
      validateSchema: false,
    });
    addFormats(ajv);
    return ajv.compile(schema);
  } catch (cause) {
    throw new AlfredError(
      'E_VALIDATION',
      `This is no valid JSON Schema (draft 2020-12): ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

/** What is wrong with a schema, as one entry under `field`; nothing when it compiles. */
export function schemaProblems(schema: Readonly<Record<string, unknown>>, field: string): FieldError[] {
  try {
    // Tried once, as a schema that refers to itself without end compiles and then never comes back.
    const hopeless = misfits(compileSchema(schema), {}).find(({ message }) =>
      [endless, tooSlow].includes(message),
    );
    return hopeless ? [{ field, message: hopeless.message }] : [];
  } catch (error) {
    return [{ field, message: messageOf(error) }];
  }
}

const tooSlow = `takes longer than ${longestCheckMs} ms to check`;
const endless = 'cannot be checked: the schema refers to itself without end';

/**
 * Where `value` does not fit a compiled schema, in the words of every other wrong field. A value is never repeated. A check
 * that takes too long is given up, and its schema rests for a while, so that nobody can keep this process busy with it.
 *
 * @param prefix the pointer of what was checked, `/input` say
 * @throws AlfredError E_NOT_READY while the schema rests
 */
export function misfits(check: SchemaCheck, value: unknown, prefix = ''): FieldError[] {
  const { validate } = check;
  if (check.restsUntil > performance.now()) {
    throw new AlfredError('E_NOT_READY', 'A value took too long to check against this JSON Schema just now', {
      remedy: 'Try again in 10 s; simplify the schema’s patterns if this comes back.',
    });
  }
  try {
    const fits = check.isCostly ? callWithin(longestCheckMs, () => validate(value)) : validate(value);
    if (fits === true) return [];
    if (fits === tooLong) {
      check.restsUntil = performance.now() + restMs;
      return [{ field: prefix, message: tooSlow }];
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ field: prefix, message: endless }];
  }
  return (validate.errors ?? []).filter(isMeant).map((error) => ({
    field: `${prefix}${error.instancePath}${missingKey(error)}`,
    message: error.keyword === 'required' ? 'is required' : (error.message ?? 'does not fit the schema'),
  }));
}

/** Digits of an integer that JavaScript cannot hold are what they stand for (contract/exact-json.ts). */
const isMeant = ({ keyword, params, data }: ErrorObject): boolean =>
  !(
    keyword === 'type' &&
    isLongInteger(data) &&
    [params.type].flat().some((type) => type === 'integer' || type === 'number')
  );

function missingKey({ keyword, params }: ErrorObject): string {
  const key: unknown = keyword === 'required' ? params.missingProperty : params.additionalProperty;
  return typeof key === 'string' ? `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
}
