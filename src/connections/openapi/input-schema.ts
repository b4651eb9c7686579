/** What a tool asks for: one object with a property for each parameter and one for the body. */

import { PropertyNames } from '../property-names.ts';
import { sizeOf } from '../tools/bound-result.ts';
import { readBody } from './bodies.ts';
import { type JsonObject, listOf, own } from './json.ts';
import type { Method, Operation, ParameterPlace } from './operation.ts';
import { readParameters } from './parameters.ts';
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

/**
 * The input schema with as much depth as fits the size that a model can be asked to read.
 *
 * @returns why it cannot be a tool, as text, when it cannot
 */
export function inputOf(
  document: JsonObject,
  { path, operation, pathItem }: Found,
  covered: Covered[],
): (Pick<Operation, 'parameters' | 'body'> & { inputSchema: JsonObject }) | string {
  const isCovered = (place: ParameterPlace, name: string) =>
    covered.some((one) => one.in === place && one.name.toLowerCase() === name.toLowerCase());
  for (const depth of depths) {
    const copier = new SchemaCopier(document, depth);
    const names = new PropertyNames();
    const body = readBody(document, operation, copier);
    if (body === 'elsewhere') return 'its body is defined outside the document';
    if (body) names.take(body.plan.property, 'body');
    const lists = [...listOf(own(pathItem, 'parameters')), ...listOf(own(operation, 'parameters'))];
    const parameters = readParameters({ document, path, lists }, isCovered, { copier, names });
    if (parameters === undefined) return 'a parameter is defined outside the document';
    const required = [...parameters.required, ...(body?.plan.required ? [body.plan.property] : [])];
    const definitions = copier.definitions();
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
