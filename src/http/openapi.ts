/** The OpenAPI 3.1 document at /api/openapi.json, made from the routes' own schemas. */
import swagger from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { configEntrySchema } from '../contract/config.ts';
import { connectionSchema, connectionTestSchema, toolSchema } from '../contract/connections.ts';
import { problemSchema } from '../contract/errors.ts';
import { executionSchema, executionSummarySchema } from '../contract/executions.ts';
import { skillSchema, skillVersionSchema } from '../contract/skills.ts';
import { tokenSchema } from '../contract/tokens.ts';
import { accessOf } from './access/policy.ts';
import { sessionCookie } from './access/sessions.ts';
import type { App } from './app.ts';
import { problemType } from './problems.ts';

/** Shapes that the document names once and refers to. */
const named = {
  Problem: problemSchema,
  Connection: connectionSchema,
  ConnectionTest: connectionTestSchema,
  Tool: toolSchema,
  Skill: skillSchema,
  SkillVersion: skillVersionSchema,
  Execution: executionSchema,
  ExecutionSummary: executionSummarySchema,
  Token: tokenSchema,
  ConfigEntry: configEntrySchema,
};

type Operation = { security?: unknown; description?: string; responses?: Record<string, unknown> };

/** Describes every route registered after this. */
export async function describeApi(app: App, version: string): Promise<void> {
  const schemaRegistry = z.registry<{ id?: string | undefined }>();
  for (const [id, schema] of Object.entries(named)) schemaRegistry.add(schema, { id });
  const transformObject = createJsonSchemaTransformObject({ schemaRegistry });

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Alfred VM',
        version,
        description:
          'One person’s private server for their AI butler. Errors are problem details (RFC 9457) with a stable `code`; lists are keyset-paged; times are ISO 8601 UTC; secrets are write-only and come back as `{sealed, fingerprint}`.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'An access token; the owner’s is in $ALFRED_HOME/cli-token',
          },
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
        },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: (documented) => withAccess(transformObject(documented) as Record<string, unknown>),
  });
}

/** Adds to every operation what the policy says of it, and the shape of its errors. */
function withAccess(document: Record<string, unknown>): Record<string, unknown> {
  const problem = {
    description: 'What went wrong, as problem details',
    content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const [path, operations] of Object.entries(
    (document.paths ?? {}) as Record<string, Record<string, Operation>>,
  )) {
    for (const [method, operation] of Object.entries(operations)) {
      const access = accessOf(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'));
      operation.security = access === 'public' ? [] : [{ token: [] }, { session: [] }];
      const needs =
        access === 'public'
          ? 'Open to anyone.'
          : access === 'signed-in'
            ? 'Needs a sign-in or a token.'
            : `Needs the scope \`${access}\`.`;
      operation.description = operation.description ? `${operation.description}\n\n${needs}` : needs;
      operation.responses = { ...operation.responses, default: problem };
    }
  }
  return document;
}
