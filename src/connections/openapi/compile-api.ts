/** An OpenAPI document, or a list by hand, to tools. Documents go through compile.ts: they may take long and much memory. */

import type { Tool } from '../../contract/connections.ts';
import type { HttpOperation } from '../../contract/http-connections.ts';
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { DefinitionWriter } from '../tools/definition-writer.ts';
import { foundTool } from '../tools/found-tool.ts';
import { sizeWithShared } from '../tools/shared-json.ts';
import { bundle } from './bundle.ts';
import type { ReadPart } from './document-files.ts';
import { findOperations, type Lost } from './find-operations.ts';
import { type Covered, type Found, inputOf } from './input-schema.ts';
import { entriesOf, type JsonObject, listOf, own, shorten, textOf } from './json.ts';
import type { Api, FoundApi, Operation } from './operation.ts';
import { parseDocument } from './parse-document.ts';
import { problemsOf } from './problems.ts';
import { dereference } from './references.ts';
import { splitPath } from './request-path.ts';
import { apiBaseUrl, operationBaseUrl, type ServerChoice } from './servers.ts';
import { scopesFor, signInsOf } from './sign-in.ts';
import { prepareSwagger, requireForms } from './swagger.ts';
import { giveAnswers, takeAnswers } from './swagger-answers.ts';
import { ToolNames } from './tool-names.ts';
import { annotationsOf, descriptionOf } from './tool-words.ts';

export type CompileInput = {
  /** The document; undefined where there is none and every operation is listed by hand. */
  text: string | undefined;
  /** Its own address, or its file's as a file: URL: where the other files that it refers to are looked for. */
  base?: string | undefined;
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

type Read = { document: JsonObject } & Pick<Api, 'unread' | 'partCount'>;

/** An OpenAPI 3.1 or 3.2 document, whatever version it was given in, with all its parts. */
async function readDocument(
  { text, base }: Pick<CompileInput, 'text' | 'base'>,
  readPart: ReadPart | undefined,
): Promise<Read> {
  if (text === undefined)
    return { document: { openapi: '3.1.0', info: {}, paths: {} }, unread: [], partCount: 0 };
  const given = parseDocument(text);
  // Only where there is a document.
  const { upgrade } = await import('@scalar/openapi-upgrader');
  const { document: whole, unread, partCount } = await bundle(given, base, readPart);
  const isOld = whole.openapi === undefined;
  if (isOld) prepareSwagger(whole);
  const answers = isOld ? takeAnswers(whole) : [];
  const upgraded: unknown = upgrade(whole, '3.1');
  const document = isRecord(upgraded) ? upgraded : whole;
  giveAnswers(document, answers);
  if (isOld) requireForms(document);
  return { document, unread, partCount };
}

/**
 * @param readPart reads the other files that the document refers to
 * @throws AlfredError E_VALIDATION, E_TOO_LARGE
 */
export async function compileApi(input: CompileInput, readPart?: ReadPart): Promise<Api> {
  const { document, unread, partCount } = await readDocument(input, readPart);
  const baseUrl = apiBaseUrl(document, input.server);
  const { found: documented, lost } = findOperations(document, input.include);
  const found = [...documented, ...input.operations.map(listedByHand)];
  if (found.length + lost.length > maxTools) throw tooMany(found);

  const names = new ToolNames();
  const unusable: Tool[] = [];
  const operations: Operation[] = [];
  let size = 0;
  for (const one of found) {
    const { method, path, operation, pathItem } = one;
    const name = names.take(textOf(own(operation, 'operationId')), method, path);
    const server = operationBaseUrl({ operation, pathItem, document }, baseUrl, input.server);
    const read = 'why' in server ? server.why : inputOf(document, one, input.covered);
    if ('why' in server || typeof read === 'string') {
      unusable.push(withoutUse(name, one, String(read)));
      continue;
    }
    const { parameters, body, inputSchema, leftOut } = read;
    const scopes = scopesFor(document, operation);
    const tool: Tool = {
      name,
      ...titleOf(operation),
      description: descriptionOf(operation, { method, url: server.url + path, parameters, leftOut }),
      inputSchema,
      annotations: annotationsOf(method, one.readOnly),
      ...(scopes === undefined ? {} : { scopes }),
    };
    size += sizeWithShared(tool);
    if (size > maxToolsSize) throw tooMany(found);
    operations.push({
      tool,
      method,
      baseUrl: server.url,
      ...splitPath(path),
      parameters,
      body,
      accept: acceptOf(document, operation),
    });
  }
  for (const one of lost)
    unusable.push(
      withoutUse(
        names.take(textOf(own(one.operation, 'operationId')), one.method, one.path),
        one,
        one.reason,
      ),
    );
  if (operations.length === 0) throw nothing(input.include, unusable);
  return {
    title: shorten(textOf(own(document.info, 'title')) ?? 'API', 200),
    version: shorten(textOf(own(document.info, 'version')) ?? '', 100),
    baseUrl,
    operations,
    unusable,
    unread,
    partCount,
    problems: problemsOf(document, documented),
    securitySchemes: securitySchemesOf(document),
    signIns: signInsOf(document, input.server.documentUrl ?? baseUrl),
  };
}

/** The same with its tools as they are hashed and kept, all written by one writer. */
export const foundApi = (api: Api, writer = new DefinitionWriter()): FoundApi => ({
  ...api,
  operations: api.operations.map((operation) => ({ ...operation, tool: foundTool(operation.tool, writer) })),
  unusable: api.unusable.map((tool) => foundTool(tool, writer)),
});

const withoutUse = (name: string, { method, path }: Lost | Found, why: string): Tool => ({
  name,
  description: shorten(`${method} ${path}`, 300),
  inputSchema: {},
  unusable: why,
});

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

function nothing(include: string[], unusable: Tool[]): AlfredError {
  const [first] = unusable;
  if (first) {
    return new AlfredError(
      'E_VALIDATION',
      `None of the operations can be used: of ${first.description ?? first.name}, ${first.unusable ?? ''}`,
      { remedy: 'Give a document in which they can be, or list operations by hand in "operations".' },
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
