import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../../contract/common.ts';
import { createdTokenSchema, tokenInputSchema, tokenSchema } from '../../contract/tokens.ts';
import { callerOf } from '../access/caller.ts';
import { createToken, listTokens, revokeToken } from '../access/tokens.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const tags = ['tokens'];

export function tokenRoutes(app: App, { db }: ServerDeps): void {
  app.get(
    '/api/v1/tokens',
    {
      schema: {
        summary: 'List access tokens',
        tags,
        querystring: pageQuerySchema,
        response: { 200: pageOf(tokenSchema) },
      },
    },
    async (request) => listTokens({ db }, request.query),
  );

  app.post(
    '/api/v1/tokens',
    {
      schema: {
        summary: 'Make an access token',
        description:
          'The token itself is in this answer alone. It can have no scope that the caller has not.',
        tags,
        body: tokenInputSchema,
        response: { 201: createdTokenSchema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await createToken({ db }, request.body, callerOf(request))),
  );

  app.delete(
    '/api/v1/tokens/:id',
    {
      schema: {
        summary: 'Revoke an access token',
        tags,
        params: z.object({ id: z.uuid() }),
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await revokeToken({ db }, request.params.id, callerOf(request).actor);
      return reply.code(204).send();
    },
  );
}
