/** An OpenAPI 3.1 document, made from the operations that are registered: their shapes, and what is true of all. */
import swagger from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Operation } from '../contract/operation.ts';
import type { TypedApp } from './typed-app.ts';

type Described = {
  operationId?: string;
  security?: unknown;
  description?: string;
  requestBody?: { required?: boolean; content?: Record<string, unknown>; description?: string };
  responses?: Record<string, { description?: string; headers?: Record<string, unknown> }>;
};

export type DocumentOptions = {
  info: { title: string; version: string; description: string };
  securitySchemes: Record<string, unknown>;
  /** Shapes that the document names once and refers to; `Problem` is one of them. */
  named: Readonly<Record<string, z.ZodType>>;
  operations: Readonly<Record<string, Operation>>;
  /** Says of an operation who may call it. */
  admit(operation: Described, method: string, path: string): void;
};

const text = { schema: { type: 'string' } };

const answerHeaders = {
  etag: {
    description: 'The revision of what is shown: for `If-Match`, and of a read for `If-None-Match` (304)',
    ...text,
  },
  location: { description: 'Where it is', ...text },
};

const notModified = { description: 'With `If-None-Match`: the caller has this revision already' };

const problem = {
  description: 'What went wrong, as problem details',
  headers: {
    'retry-after': { description: 'With 429 and 503: in how many seconds to try again', ...text },
    'www-authenticate': { description: 'With 401: how to say who calls', ...text },
  },
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** Describes every route registered after this. */
export async function describeRoutes(app: TypedApp, options: DocumentOptions): Promise<void> {
  const { info, securitySchemes, named, operations } = options;
  const names = new Map<string, string>(
    Object.entries(operations).map(([name, { method, path }]) => [`${method} ${path}`, name]),
  );
  const schemaRegistry = z.registry<{ id?: string | undefined }>();
  for (const [id, schema] of Object.entries(named)) schemaRegistry.add(schema, { id });
  const transform = createJsonSchemaTransform({ schemaRegistry });
  const transformObject = createJsonSchemaTransformObject({ schemaRegistry });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      servers: [{ url: '/' }],
      components: { securitySchemes: securitySchemes as never },
    },
    transform: (route) => {
      const operationId = names.get(`${route.route.method} ${route.url}`);
      const body = operations[operationId ?? '']?.describedBody;
      const said = { ...(operationId && { operationId }), ...(body && { body }) };
      return transform({ ...route, schema: { ...route.schema, ...said } });
    },
    transformObject: (documented) =>
      complete(transformObject(documented) as Record<string, unknown>, options),
  });
}

/** Adds what the routes' schemas do not say: who may call, which bodies may be left out, headers, the shape of errors. */
function complete(
  document: Record<string, unknown>,
  { operations, admit }: DocumentOptions,
): Record<string, unknown> {
  const paths = (document.paths ?? {}) as Record<string, Record<string, Described>>;
  for (const [path, described] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(described)) {
      admit(operation, method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'));
      const known = operations[operation.operationId ?? ''];
      if (known) completeOperation(operation, known, method);
      operation.responses = { ...operation.responses, default: problem };
    }
  }
  dropUnused(document);
  return document;
}

function completeOperation(operation: Described, known: Operation, method: string): void {
  const { body, anyBody, isForm = false, answerHeaders: headers = [] } = known;
  if (operation.requestBody && body) operation.requestBody.required = !body.safeParse(undefined).success;
  if (operation.requestBody && isForm) {
    const content = Object.values(operation.requestBody.content ?? {})[0];
    operation.requestBody.content = { 'application/x-www-form-urlencoded': content };
  }
  if (anyBody !== undefined)
    operation.requestBody = { description: anyBody, content: { '*/*': { schema: {} } } };
  if (headers.length === 0) return;
  if (method === 'get' && headers.includes('etag')) {
    operation.responses = { ...operation.responses, 304: notModified };
  }
  const shown = Object.fromEntries(headers.map((name) => [name, answerHeaders[name]]));
  for (const [status, answer] of Object.entries(operation.responses ?? {})) {
    if (status.startsWith('2') && status !== '204') answer.headers = { ...answer.headers, ...shown };
  }
}

/** A shape is made for what is sent and for what is answered; most are used for one of them. */
function dropUnused(document: Record<string, unknown>): void {
  const { schemas = {} } = (document.components ?? {}) as { schemas?: Record<string, unknown> };
  for (;;) {
    const whole = JSON.stringify(document);
    const unused = Object.keys(schemas).filter((name) => !whole.includes(`"#/components/schemas/${name}"`));
    if (unused.length === 0) return;
    for (const name of unused) delete schemas[name];
  }
}
