/** What a tool asks for: one object with a property for each parameter and one for the body. */

import { isRecord } from '../../contract/is-record.ts';
import { PropertyNames } from '../property-names.ts';
import { sizeWithShared } from '../tools/shared-json.ts';
import { readBody } from './bodies.ts';
import { type JsonObject, listOf, own } from './json.ts';
import type { Method, Operation, ParameterPlace } from './operation.ts';
import { readParameters } from './parameters.ts';
import { dereference, whyMissing } from './references.ts';
import { splitPath } from './request-path.ts';
import { SchemaCopier } from './schema-copier.ts';

/** A parameter that the connection itself sets, so that no tool asks for it. */
export type Covered = { in: ParameterPlace; name: string };

/** An operation as it was found in a document or a list. */
export type Found = {
  method: Method;
  path: string;
  operation: JsonObject;
  pathItem: JsonObject;
  /** What its owner says of an operation listed by hand. */
  readOnly?: boolean | undefined;
};

/** One tool's input schema, in characters of JSON; a model reads it whole. */
const maxSchemaSize = 32 * 1024;
const depths = [40, 10, 7, 5, 4, 3, 2, 1];
/** How many optional parameters are asked for, where all of them are too many. */
const optionalParameters = [Infinity, 200, 100, 50, 20];

/** HTTP clients send none with these; OpenAPI 3.0 says to pass over one that a document gives them. */
const bodiless = new Set(['GET', 'HEAD']);

function problemOfBody(document: JsonObject, method: Method, operation: JsonObject): string | undefined {
  const given = own(operation, 'requestBody');
  if (given === undefined) return undefined;
  const body = dereference(document, given);
  if (!isRecord(body)) return whyMissing(document, given);
  return bodiless.has(method) && own(body, 'required') === true
    ? `it is a ${method} request that needs a body, which is not sent`
    : undefined;
}

type Input = Pick<Operation, 'parameters' | 'body'> & {
  inputSchema: JsonObject;
  /** How many optional parameters it has beside these. */
  leftOut: number;
};

/**
 * The input schema with as much depth as fits the size that a model can be asked to read; and with fewer of the optional
 * parameters where nothing else helps, as of a list with 600 filters.
 *
 * @returns why it cannot be a tool, as text, when it cannot
 */
export function inputOf(
  document: JsonObject,
  { method, path, operation, pathItem }: Found,
  covered: Covered[],
): Input | string {
  const isCovered = (place: ParameterPlace, name: string) =>
    covered.some((one) => one.in === place && one.name.toLowerCase() === name.toLowerCase());
  const bodyProblem = problemOfBody(document, method, operation);
  if (bodyProblem !== undefined) return bodyProblem;
  const { path: template, query } = splitPath(path);
  const all = [...listOf(own(pathItem, 'parameters')), ...listOf(own(operation, 'parameters'))];
  const inputWith = (depth: number, lists: unknown[]): Omit<Input, 'leftOut'> | string | undefined => {
    const copier = new SchemaCopier(document, depth, 2 * maxSchemaSize);
    const names = new PropertyNames();
    const body = bodiless.has(method) ? undefined : readBody(document, operation, copier);
    if (body) names.take(body.plan.property, 'body');
    const sources = { document, path: template + query, lists };
    const parameters = readParameters(sources, isCovered, { copier, names });
    if (typeof parameters === 'string') return parameters;
    const required = [...parameters.required, ...(body?.plan.required ? [body.plan.property] : [])];
    const definitions = copier.definitions();
    if (copier.isBeyond) return undefined;
    const inputSchema: JsonObject = {
      type: 'object',
      properties: { ...parameters.properties, ...(body ? { [body.plan.property]: body.schema } : {}) },
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
      ...(Object.keys(definitions).length > 0 ? { $defs: definitions } : {}),
    };
    return sizeWithShared(inputSchema) <= maxSchemaSize
      ? { parameters: parameters.plans, body: body?.plan, inputSchema }
      : undefined;
  };
  for (const most of optionalParameters) {
    const { kept, leftOut } = fewerParameters(document, all, most);
    if (most !== Infinity && leftOut === 0) continue;
    for (const depth of depths) {
      const input = inputWith(depth, kept);
      if (input !== undefined) return typeof input === 'string' ? input : { ...input, leftOut };
    }
  }
  return 'it asks for more than a model can be shown';
}

/**
 * Those that are required, and `most` others: those of the shortest names, as longer ones are mostly variations
 * (`name`, `name__icontains`).
 */
function fewerParameters(
  document: JsonObject,
  all: unknown[],
  most: number,
): { kept: unknown[]; leftOut: number } {
  // As nearly always: nothing is looked at for it.
  if (all.length <= most) return { kept: all, leftOut: 0 };
  const read = all.map((given) => ({ given, parameter: dereference(document, given) }));
  const optional = read.filter(
    ({ parameter }) => own(parameter, 'in') !== 'path' && own(parameter, 'required') !== true,
  );
  const lengthOf = ({ parameter }: (typeof read)[number]) => String(own(parameter, 'name')).length;
  const left = new Set(optional.toSorted((a, b) => lengthOf(a) - lengthOf(b)).slice(most));
  return { kept: read.filter((one) => !left.has(one)).map(({ given }) => given), leftOut: left.size };
}
