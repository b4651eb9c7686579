/** An OpenAPI document, or a list by hand, to tools. Documents go through compile.ts: they may take long and much memory. */

import type { Tool } from '../../contract/connections.ts';
import type { HttpOperation } from '../../contract/http-connections.ts';
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { sizeOf } from '../tools/bound-result.ts';
import { type Covered, type Found, inputOf } from './input-schema.ts';
import { entriesOf, type JsonObject, listOf, own, shorten, textOf } from './json.ts';
import type { Api, Method, Operation } from './operation.ts';
import { parseDocument } from './parse-document.ts';
import { dereference } from './references.ts';
import { selects } from './selection.ts';
import { apiBaseUrl, operationBaseUrl, type ServerChoice } from './servers.ts';
import { ToolNames } from './tool-names.ts';
import { annotationsOf, descriptionOf } from './tool-words.ts';

export type CompileInput = {
  /** The document; undefined where there is none and every operation is listed by hand. */
  text: string | undefined;
  operations: HttpOperation[];
  server: ServerChoice;
  /** operationIds, tags, or `GET /path`, with `*` for anything; empty: every operation. */
  include: string[];
  /** Parameters that the connection itself sets. */
  covered: Covered[];
};

/** A connection can have this many tools (tool-definition.ts), and together they stay this large, in characters. */
const maxTools = 2_000;
const maxToolsSize = 24 * 1024 * 1024;

const methods: Record<string, Method> = {
  get: 'GET',
  head: 'HEAD',
  options: 'OPTIONS',
  put: 'PUT',
  delete: 'DELETE',
  post: 'POST',
  patch: 'PATCH',
};

function findOperations(document: JsonObject, include: string[]): Found[] {
  const found: Found[] = [];
  for (const [path, entry] of entriesOf(document.paths)) {
    const pathItem = dereference(document, entry);
    if (!path.startsWith('/') || !isRecord(pathItem)) continue;
    for (const [key, operation] of entriesOf(pathItem)) {
      const method = Object.hasOwn(methods, key) ? methods[key] : undefined;
      if (method === undefined || !isRecord(operation)) continue;
      if (selects(include, { method, path, operation })) found.push({ method, path, operation, pathItem });
    }
  }
  return found;
}

/** An operation of the owner's own list, in the words of a document. */
function listedByHand({ name, description, method, path, parameters, body, readOnly }: HttpOperation): Found {
  const content = body && { [body.contentType]: { schema: body.schema } };
  return {
    method,
    path,
    readOnly,
    pathItem: {},
    operation: {
      operationId: name,
      ...(description === undefined ? {} : { description }),
      parameters,
      ...(body ? { requestBody: { required: body.required, content } } : {}),
    },
  };
}

function acceptOf(document: JsonObject, operation: JsonObject): string {
  const types = entriesOf(own(operation, 'responses'))
    .filter(([status]) => /^2/.test(status) || status === 'default')
    .flatMap(([, response]) => entriesOf(own(dereference(document, response), 'content')))
    .map(([type]) => type)
    .filter((type) => /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+(;[ \w=."+-]*)?$/.test(type));
  const json = types.filter((type) => /json/i.test(type));
  return [...new Set([...json, ...types].slice(0, 6)), '*/*;q=0.5'].join(', ');
}

function securitySchemesOf(document: JsonObject): Api['securitySchemes'] {
  return entriesOf(own(own(document, 'components'), 'securitySchemes'))
    .slice(0, 20)
    .map(([name, entry]) => {
      const scheme = dereference(document, entry);
      const detail = [own(scheme, 'scheme'), own(scheme, 'in'), own(scheme, 'name')]
        .filter((part) => typeof part === 'string')
        .join(' ');
      return {
        name: shorten(name, 100),
        type: textOf(own(scheme, 'type')) ?? 'unknown',
        detail: shorten(detail, 200),
      };
    });
}

/** What the validator has to say; a document with mistakes is used all the same, as far as it can be understood. */
async function problemsOf(
  document: JsonObject,
  validate: (document: JsonObject) => Promise<{ errors?: { message: string }[] | undefined }>,
): Promise<string[]> {
  try {
    const { errors = [] } = await validate(document);
    return errors.slice(0, 10).map((error) => shorten(error.message, 200));
  } catch {
    return ['the validator could not finish'];
  }
}

/** An OpenAPI 3.1 document, whatever version it was given in. */
async function readDocument(text: string | undefined): Promise<{ document: JsonObject; problems: string[] }> {
  if (text === undefined) return { document: { openapi: '3.1.0', info: {}, paths: {} }, problems: [] };
  const given = parseDocument(text);
  // Only where there is a document: these take a third of a second to load.
  const { upgrade, validate } = await import('@scalar/openapi-parser');
  const problems = await problemsOf(given, validate);
  const { specification } = upgrade(given);
  return { document: isRecord(specification) ? specification : given, problems };
}

/** @throws AlfredError E_VALIDATION, E_TOO_LARGE */
export async function compileApi(input: CompileInput): Promise<Api> {
  const { document, problems } = await readDocument(input.text);
  const baseUrl = apiBaseUrl(document, input.server);
  const found = [...findOperations(document, input.include), ...input.operations.map(listedByHand)];
  if (found.length > maxTools) throw tooMany(found);

  const names = new ToolNames();
  const skipped: Api['skipped'] = [];
  const operations: Operation[] = [];
  let size = 0;
  for (const one of found) {
    const { method, path, operation, pathItem } = one;
    const server = operationBaseUrl({ operation, pathItem, document }, baseUrl, input.server);
    const read = server === undefined ? 'its server is another host' : inputOf(document, one, input.covered);
    if (server === undefined || typeof read === 'string') {
      skipped.push({ operation: shorten(`${method} ${path}`, 300), reason: String(read) });
      continue;
    }
    const { parameters, body, inputSchema } = read;
    const tool: Tool = {
      name: names.take(textOf(own(operation, 'operationId')), method, path),
      ...titleOf(operation),
      description: descriptionOf(operation, { method, url: server + path, parameters }),
      inputSchema,
      annotations: annotationsOf(method, one.readOnly),
    };
    size += sizeOf(tool);
    if (size > maxToolsSize) throw tooMany(found);
    operations.push({
      tool,
      method,
      baseUrl: server,
      path,
      parameters,
      body,
      accept: acceptOf(document, operation),
    });
  }
  if (operations.length === 0) throw nothing(input.include, skipped);
  return {
    title: shorten(textOf(own(document.info, 'title')) ?? 'API', 200),
    version: shorten(textOf(own(document.info, 'version')) ?? '', 100),
    baseUrl,
    operations,
    skipped,
    problems,
    securitySchemes: securitySchemesOf(document),
  };
}

function titleOf(operation: JsonObject): { title?: string } {
  const summary = textOf(own(operation, 'summary'));
  return summary === undefined ? {} : { title: shorten(summary.replace(/\s+/g, ' ').trim(), 150) };
}

function tooMany(found: Found[]): AlfredError {
  const tags = new Set(
    found.flatMap(({ operation }) => listOf(own(operation, 'tags'))).filter((tag) => typeof tag === 'string'),
  );
  const some = [...tags].slice(0, 12).map((tag) => shorten(tag, 40));
  return new AlfredError(
    'E_TOO_LARGE',
    `The document has ${found.length} operations, more than one connection can have as tools (${maxTools})`,
    {
      remedy: `Name those that you need in "include", by operationId, by "GET /path*" or by tag${some.length > 0 ? ` (${some.join(', ')} …)` : ''}.`,
    },
  );
}

function nothing(include: string[], skipped: Api['skipped']): AlfredError {
  const [first] = skipped;
  if (first) {
    return new AlfredError(
      'E_VALIDATION',
      `None of the operations can be used: of ${first.operation}, ${first.reason}`,
      {
        remedy: 'Give one document that holds all its parts ("bundled").',
      },
    );
  }
  return new AlfredError(
    'E_VALIDATION',
    include.length > 0
      ? 'No operation of the document is named in "include"'
      : 'The document has no operations',
    { remedy: 'Check the document, and the names in "include".' },
  );
}
