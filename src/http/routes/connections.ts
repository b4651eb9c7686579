import { z } from 'zod';
import { approveConnection } from '../../connections/approve-connection.ts';
import { callToolByHand } from '../../connections/call-tool-by-hand.ts';
import { createConnection } from '../../connections/create-connection.ts';
import { discoverTools } from '../../connections/discover-tools.ts';
import { getConnection } from '../../connections/get-connection.ts';
import { listConnections } from '../../connections/list-connections.ts';
import { removeConnection } from '../../connections/remove-connection.ts';
import { testConnection } from '../../connections/test-connection.ts';
import { updateConnection } from '../../connections/update-connection.ts';
import { connectionNameSchema, pageOf, pageQuerySchema } from '../../contract/common.ts';
import {
  callToolSchema,
  connectionInputSchema,
  connectionPatchSchema,
  connectionSchema,
  connectionTestSchema,
  discoverResultSchema,
  toolCallResultSchema,
} from '../../contract/connections.ts';
import { callerOf } from '../access/caller.ts';
import type { Principal } from '../access/principal.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { etagOf, expectedBy } from '../etag.ts';
import { goneSignal } from '../gone-signal.ts';

const tags = ['connections'];
const params = z.object({ name: connectionNameSchema });
const previewQuery = z.object({ preview: z.stringbool().default(false) });
const toolParams = params.extend({ tool: z.string().min(1).max(256) });

/** As the connection verbs name a caller: only one with the scope may approve what a connection starts. */
const whoIs = ({ actor, scopes }: Principal) => ({ actor, mayApprove: scopes.has('connections:approve') });

export function connectionRoutes(app: App, { db, vault, log, pool, settings }: ServerDeps): void {
  const deps = { db, vault, log, pool, home: settings.home };

  app.get(
    '/api/v1/connections',
    {
      schema: {
        summary: 'List connections, by name',
        tags,
        querystring: pageQuerySchema,
        response: { 200: pageOf(connectionSchema) },
      },
    },
    async (request) => listConnections(deps, request.query),
  );

  app.post(
    '/api/v1/connections',
    {
      schema: {
        summary: 'Create a connection',
        description:
          'From a caller with the scope `connections:approve` this also approves the exact command or address that it names; from any other, nothing is started or dialled until it is approved.',
        tags,
        body: connectionInputSchema,
        response: { 201: connectionSchema },
      },
    },
    async (request, reply) => {
      const connection = await createConnection(deps, request.body, whoIs(callerOf(request)));
      return reply
        .code(201)
        .header('etag', etagOf(connection.updatedAt))
        .header('location', `/api/v1/connections/${connection.name}`)
        .send(connection);
    },
  );

  app.get(
    '/api/v1/connections/:name',
    { schema: { summary: 'Show a connection', tags, params, response: { 200: connectionSchema } } },
    async (request, reply) => {
      const connection = await getConnection(deps, request.params.name);
      return reply.header('etag', etagOf(connection.updatedAt)).send(connection);
    },
  );

  app.patch(
    '/api/v1/connections/:name',
    {
      schema: {
        summary: 'Change a connection',
        description:
          'A JSON merge patch (RFC 7396): a secret that is left out, or comes back as `{sealed}`, stays; null deletes it; another command, address or host drops them all, and `warnings` says so. With `preview=true` the answer shows what it would be, and nothing changes. With `If-Match`, a connection that was changed meanwhile is left alone (412).',
        tags,
        params,
        querystring: previewQuery,
        body: connectionPatchSchema,
        response: { 200: connectionSchema },
      },
    },
    async (request, reply) => {
      const isExpected = expectedBy(request.headers['if-match']);
      const { name } = request.params;
      const connection = await updateConnection(deps, name, request.body, whoIs(callerOf(request)), {
        isExpected,
        isPreview: request.query.preview,
      });
      return reply.header('etag', etagOf(connection.updatedAt)).send(connection);
    },
  );

  app.delete(
    '/api/v1/connections/:name',
    {
      schema: {
        summary: 'Remove a connection that no active skill uses',
        tags,
        params,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await removeConnection(deps, request.params.name, {
        actor: callerOf(request).actor,
        isExpected: expectedBy(request.headers['if-match']),
      });
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/v1/connections/:name/test',
    {
      schema: {
        summary: 'Try a connection, and say in plain words what came of it',
        tags,
        params,
        response: { 200: connectionTestSchema },
      },
    },
    async (request) => testConnection(deps, request.params.name),
  );

  app.post(
    '/api/v1/connections/:name/discover',
    {
      schema: {
        summary: 'Ask a connection for its tools',
        description: 'Tools that are new or changed since the last approval are off until they are approved.',
        tags,
        params,
        response: { 200: discoverResultSchema },
      },
    },
    async (request) => discoverTools(deps, request.params.name),
  );

  app.post(
    '/api/v1/connections/:name/approve',
    {
      schema: {
        summary: 'Approve what a connection starts or dials, and its tools as they were found last',
        description: 'Send `If-Match` with the ETag of what was looked at, so that nothing else is approved.',
        tags,
        params,
        response: { 200: connectionSchema },
      },
    },
    async (request, reply) => {
      const isExpected = expectedBy(request.headers['if-match']);
      const connection = await approveConnection(deps, request.params.name, whoIs(callerOf(request)), {
        isExpected,
      });
      return reply.header('etag', etagOf(connection.updatedAt)).send(connection);
    },
  );

  app.post(
    '/api/v1/connections/:name/tools/:tool',
    {
      schema: {
        summary: 'Call one tool by hand',
        tags,
        params: toolParams,
        body: callToolSchema,
        response: { 200: toolCallResultSchema },
      },
    },
    async (request, reply) => {
      const { name, tool } = request.params;
      const { arguments: args, timeoutMs } = request.body;
      return callToolByHand(deps, name, tool, args, {
        actor: callerOf(request).actor,
        signal: goneSignal(app, reply),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
    },
  );
}
