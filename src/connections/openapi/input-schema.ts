/** What a tool asks for: one object with a property for each parameter and one for the body. */

import { isRecord } from '../../contract/is-record.ts';
import { PropertyNames } from '../property-names.ts';
import { sizeOf } from '../tools/bound-result.ts';
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

/**
 * The input schema with as much depth as fits the size that a model can be asked to read.
 *
 * @returns why it cannot be a tool, as text, when it cannot
 */
export function inputOf(
  document: JsonObject,
  { method, path, operation, pathItem }: Found,
  covered: Covered[],
): (Pick<Operation, 'parameters' | 'body'> & { inputSchema: JsonObject }) | string {
  const isCovered = (place: ParameterPlace, name: string) =>
    covered.some((one) => one.in === place && one.name.toLowerCase() === name.toLowerCase());
  const bodyProblem = problemOfBody(document, method, operation);
  if (bodyProblem !== undefined) return bodyProblem;
  const { path: template, query } = splitPath(path);
  for (const depth of depths) {
    const copier = new SchemaCopier(document, depth, 2 * maxSchemaSize);
    const names = new PropertyNames();
    const body = bodiless.has(method) ? undefined : readBody(document, operation, copier);
    if (body) names.take(body.plan.property, 'body');
    const lists = [...listOf(own(pathItem, 'parameters')), ...listOf(own(operation, 'parameters'))];
    const parameters = readParameters({ document, path: template + query, lists }, isCovered, {
      copier,
      names,
    });
    if (typeof parameters === 'string') return parameters;
    const required = [...parameters.required, ...(body?.plan.required ? [body.plan.property] : [])];
    const definitions = copier.definitions();
    if (copier.isBeyond) continue;
    const inputSchema: JsonObject = {
      type: 'object',
      properties: { ...parameters.properties, ...(body ? { [body.plan.property]: body.schema } : {}) },
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
      ...(Object.keys(definitions).length > 0 ? { $defs: definitions } : {}),
    };
    if (sizeOf(inputSchema) <= maxSchemaSize)
      return { parameters: parameters.plans, body: body?.plan, inputSchema };
  }
  return 'it asks for more than a model can be shown';
}
