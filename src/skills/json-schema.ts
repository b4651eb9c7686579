/** The JSON Schemas that people write: a skill's `inputSchema`, a step's `outputSchema`. Draft 2020-12, nothing fetched. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { AlfredError, type FieldError, messageOf } from '../kernel/errors.ts';

// A CommonJS module whose types name its default export only.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

/** Of a schema's JSON text, in characters: compiling one makes code, and large ones make much. */
const longestSchema = 100_000;

/**
 * Compiles a schema, each on its own, so that two skills may use the same `$id`.
 *
 * @throws AlfredError E_VALIDATION when it is no valid draft 2020-12 schema, or refers to something outside itself
 */
export function compileSchema(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  if (JSON.stringify(schema).length > longestSchema) {
    throw new AlfredError('E_VALIDATION', `The JSON Schema is longer than ${longestSchema} characters`);
  }
  try {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, logger: false });
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
    compileSchema(schema);
    return [];
  } catch (error) {
    return [{ field, message: messageOf(error) }];
  }
}

/**
 * Where `value` does not fit a compiled schema, in the words of every other wrong field. A value is never repeated.
 *
 * @param prefix the pointer of what was checked, `/input` say
 */
export function misfits(check: ValidateFunction, value: unknown, prefix = ''): FieldError[] {
  if (check(value)) return [];
  return (check.errors ?? []).map((error) => ({
    field: `${prefix}${error.instancePath}${missingKey(error)}`,
    message: error.keyword === 'required' ? 'is required' : (error.message ?? 'does not fit the schema'),
  }));
}

function missingKey({ keyword, params }: ErrorObject): string {
  const key: unknown = keyword === 'required' ? params.missingProperty : params.additionalProperty;
  return typeof key === 'string' ? `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
}
