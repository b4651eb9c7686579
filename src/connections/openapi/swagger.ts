/** What Swagger 2.0 says and the upgrade of a document to OpenAPI 3 would lose, put where it is kept. */
import { isRecord } from '../../contract/is-record.ts';
import { entriesOf, type JsonObject, listOf, own } from './json.ts';
import { dereference } from './references.ts';

/** Where a `collectionFormat` that OpenAPI 3 has no style for goes on. */
export const oldFormatKey = 'x-alfred-collectionFormat';

/** One that stays a parameter in OpenAPI 3. */
const isPlain = (parameter: unknown): parameter is JsonObject =>
  isRecord(parameter) && typeof parameter.in === 'string' && !isBodily(parameter);

/** Whether `reference` leads straight to a parameter that the document has for all: it may stay, and is upgraded once. */
function isOfDocument(document: JsonObject, reference: unknown, parameter: JsonObject): boolean {
  const [, name] = /^#\/parameters\/([^/~%]+)$/.exec(String(reference)) ?? [];
  return name !== undefined && own(document.parameters, name) === parameter;
}

const isBodily = (parameter: JsonObject): boolean => parameter.in === 'body' || parameter.in === 'formData';

/** Of a path item: operations, and nothing else. */
const methods = new Set(['get', 'head', 'options', 'put', 'delete', 'post', 'patch']);

/**
 * Readies a Swagger 2.0 document to be upgraded, in place: parameters stand where they are used, but for plain ones that the
 * document has for all; those of a path that make up a body at each of its operations, each list with its format; what the upgrade would stumble over is gone.
 */
export function prepareSwagger(document: JsonObject): void {
  for (const [name, parameter] of entriesOf(document.parameters))
    if (isRecord(document.parameters) && isPlain(parameter))
      document.parameters[name] = withFormat(parameter);
  for (const [path, entry] of entriesOf(document.paths)) {
    const pathItem = dereference(document, entry);
    if (!isRecord(pathItem) || !isRecord(document.paths)) continue;
    const { plain, bodily } = parametersOf(document, pathItem.parameters);
    const prepared: JsonObject = {};
    if (plain.length > 0) prepared.parameters = plain;
    for (const [method, operation] of entriesOf(pathItem))
      if (methods.has(method)) prepared[method] = prepareOperation(document, operation, bodily);
    document.paths[path] = prepared;
  }
}

function prepareOperation(document: JsonObject, given: unknown, ofPath: JsonObject[]): unknown {
  const operation = dereference(document, given);
  if (!isRecord(operation)) return given;
  const { plain, bodily } = parametersOf(document, operation.parameters);
  const inherited = bodily.some((one) => one.in === 'body')
    ? []
    : ofPath.filter((one) => !bodily.some((other) => other.in === 'body' || other.name === one.name));
  const responses = entriesOf(operation.responses)
    .map(([status, response]) => [status, dereference(document, response)] as const)
    .filter(([, response]) => isRecord(response));
  return {
    ...operation,
    parameters: [...plain, ...structuredClone(inherited), ...bodily],
    responses: structuredClone(Object.fromEntries(responses)),
  };
}

/** Those of a list, references followed; one that leads nowhere stays a reference, for whoever reads it to say so. */
function parametersOf(document: JsonObject, list: unknown): { plain: JsonObject[]; bodily: JsonObject[] } {
  const all = listOf(list).flatMap((entry): JsonObject[] => {
    const parameter = dereference(document, entry);
    if (isRecord(entry) && isPlain(parameter) && isOfDocument(document, entry.$ref, parameter))
      return [entry];
    if (!isRecord(parameter)) return isRecord(entry) ? [entry] : [];
    return typeof parameter.in === 'string' ? [withFormat(structuredClone(parameter))] : [];
  });
  return { plain: all.filter((one) => !isBodily(one)), bodily: all.filter(isBodily) };
}

function withFormat(parameter: JsonObject): JsonObject {
  if (parameter.type !== 'array') return parameter;
  const format = parameter.collectionFormat ?? 'csv';
  const isQuery = parameter.in === 'query' || parameter.in === 'formData';
  const hasNoStyle = format === 'tsv' || (!isQuery && (format === 'ssv' || format === 'pipes'));
  return { ...parameter, collectionFormat: format, ...(hasNoStyle ? { [oldFormatKey]: format } : {}) };
}

/** In an upgraded document, says of a form with fields that must be there that it must be there. */
export function requireForms(document: JsonObject): void {
  for (const [, pathItem] of entriesOf(document.paths))
    for (const [, operation] of entriesOf(pathItem)) {
      const body = own(operation, 'requestBody');
      if (!isRecord(body) || body.required !== undefined) continue;
      const isNeeded = entriesOf(body.content).some(
        ([, media]) => listOf(own(own(media, 'schema'), 'required')).length > 0,
      );
      if (isNeeded) body.required = true;
    }
}
