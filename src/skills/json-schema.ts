/** The JSON Schemas that people write: a skill's `inputSchema`, a step's `outputSchema`. Draft 2020-12, nothing fetched. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { AlfredError, type FieldError, messageOf } from '../kernel/errors.ts';

// A CommonJS module whose types name its default export only.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

/** Of a schema's JSON text, in characters: compiling one makes code, and large ones make much. */
const longestSchema = 100_000;

/** How many compiled schemas are kept, so that runs of the same skills compile nothing. */
const mostKept = 200;
const kept = new Map<string, ValidateFunction>();

/** Checks schemas themselves. Made at the first one, as the schema of schemas takes 15 ms to compile. */
let metaSchema: Ajv2020 | undefined;

/**
 * Compiles a schema, each on its own, so that two skills may use the same `$id` and neither sees the other.
 *
 * @throws AlfredError E_VALIDATION when it is no valid draft 2020-12 schema, or refers to something outside itself
 */
export function compileSchema(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  const text = JSON.stringify(schema);
  if (text.length > longestSchema) {
    throw new AlfredError('E_VALIDATION', `The JSON Schema is longer than ${longestSchema} characters`);
  }
  const known = kept.get(text);
  if (known) return known;
  const check = compile(schema);
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
    return misfits(compileSchema(schema), {}).some(({ message }) => message === endless)
      ? [{ field, message: endless }]
      : [];
  } catch (error) {
    return [{ field, message: messageOf(error) }];
  }
}

const endless = 'cannot be checked: the schema refers to itself without end';

/**
 * Where `value` does not fit a compiled schema, in the words of every other wrong field. A value is never repeated.
 *
 * @param prefix the pointer of what was checked, `/input` say
 */
export function misfits(check: ValidateFunction, value: unknown, prefix = ''): FieldError[] {
  try {
    if (check(value)) return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ field: prefix, message: endless }];
  }
  return (check.errors ?? []).map((error) => ({
    field: `${prefix}${error.instancePath}${missingKey(error)}`,
    message: error.keyword === 'required' ? 'is required' : (error.message ?? 'does not fit the schema'),
  }));
}

function missingKey({ keyword, params }: ErrorObject): string {
  const key: unknown = keyword === 'required' ? params.missingProperty : params.additionalProperty;
  return typeof key === 'string' ? `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
}
