/** The OpenAPI 3.1 document at /api/openapi.json, made from the routes' own schemas. */
import { scopes } from '../contract/common.ts';
import { configEntrySchema } from '../contract/config.ts';
import { connectionSchema, connectionTestSchema, toolSchema } from '../contract/connections.ts';
import { problemSchema } from '../contract/errors.ts';
import { executionSchema, executionSummarySchema } from '../contract/executions.ts';
import type { Access, Admission } from '../contract/operation.ts';
import { operations } from '../contract/operations.ts';
import { skillSchema, skillVersionSchema } from '../contract/skills.ts';
import { tokenSchema } from '../contract/tokens.ts';
import { describeRoutes } from '../web/describe-routes.ts';
import { accessOf } from './access/policy.ts';
import { sessionCookie } from './access/sessions.ts';
import type { App } from './app.ts';

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

/** Describes every route registered after this. */
export const describeApi = (app: App, version: string): Promise<void> =>
  describeRoutes(app, {
    info: {
      title: 'Alfred VM',
      version,
      description:
        'One person’s private server for their AI butler. Errors are problem details (RFC 9457) with a stable `code`; lists are keyset-paged; times are ISO 8601 UTC; secrets are write-only and come back as `{sealed, fingerprint}`. A query parameter that an operation does not have is refused (422).',
    },
    securitySchemes: {
      token: {
        type: 'http',
        scheme: 'bearer',
        description: 'An access token; the owner’s is in $ALFRED_HOME/cli-token',
      },
      session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
    },
    named,
    operations,
    admit(operation, method, path) {
      const access = accessOf(method, path);
      operation.security = access === 'public' ? [] : [{ token: [] }, { session: [] }];
      const needs = needsOf(access);
      const record = recordOf(operation.operationId);
      operation.description = [operation.description, needs, record].filter(Boolean).join('\n\n');
    },
  });

function recordOf(operationId: string | undefined): string | undefined {
  const { records = [] } =
    new Map<string | undefined, Admission>(Object.entries(operations)).get(operationId) ?? {};
  return records.length === 0 ? undefined : `On record as ${records.map((act) => `\`${act}\``).join(', ')}.`;
}

function needsOf(access: Access | undefined): string {
  if (access === 'public') return 'Open to anyone.';
  if (access === 'signed-in') return 'Needs a sign-in or a token.';
  if (access === 'every-scope')
    return `Needs a sign-in, or a token that has every scope: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`;
  return `Needs the scope \`${access}\`.`;
}
