/**
 * The answers of Swagger 2.0's operations go round the upgrade: it would write each out once for every media type and copy that
 * several times over, and of most there is nothing to upgrade but where their schemas are.
 */
import { isRecord } from '../../contract/is-record.ts';
import { entriesOf, type JsonObject, listOf, own, textOf } from './json.ts';

/** What OpenAPI 3 has in place of `responses`, with the operation that it belongs to. */
type Kept = { path: string; method: string; responses: JsonObject };

const old = '#/definitions/';

/** Takes the answers out of the operations of a document, where all those of one are a schema by its name or nothing. */
export function takeAnswers(document: JsonObject): Kept[] {
  const kept: Kept[] = [];
  for (const [path, pathItem] of entriesOf(document.paths))
    for (const [method, operation] of entriesOf(pathItem)) {
      if (!isRecord(operation)) continue;
      const responses = upgraded(document, operation);
      if (responses === undefined) continue;
      delete operation.responses;
      kept.push({ path, method, responses });
    }
  return kept;
}

/** Puts them back into the upgraded document. */
export function giveAnswers(document: JsonObject, kept: readonly Kept[]): void {
  for (const { path, method, responses } of kept) {
    const operation = own(own(document.paths, path), method);
    if (isRecord(operation)) operation.responses = responses;
  }
}

function upgraded(document: JsonObject, operation: JsonObject): JsonObject | undefined {
  const types = listOf(operation.produces ?? document.produces ?? ['application/json']).map(String);
  const responses: JsonObject = {};
  for (const [status, response] of entriesOf(operation.responses)) {
    if (!isRecord(response)) return undefined;
    const { description, schema, ...rest } = response;
    if (Object.keys(rest).length > 0) return undefined;
    const reference = textOf(own(schema, '$ref'));
    const isNamed = reference?.startsWith(old) === true && Object.keys(Object(schema)).length === 1;
    if (schema !== undefined && !isNamed) return undefined;
    const media = reference && { schema: { $ref: `#/components/schemas/${reference.slice(old.length)}` } };
    responses[status] = {
      ...(description === undefined ? {} : { description }),
      ...(media ? { content: Object.fromEntries(types.map((type) => [type, media])) } : {}),
    };
  }
  return responses;
}
