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
import { etagOf } from '../etag.ts';

const tags = ['connections'];
const params = z.object({ name: connectionNameSchema });

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
          'From a caller with the scope `connections:approve` this also approves the exact command that it names; from any other, nothing is started until it is approved.',
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
}
