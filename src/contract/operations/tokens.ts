import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../common.ts';
import { operation } from '../operation.ts';
import { createdTokenSchema, tokenInputSchema, tokenSchema } from '../tokens.ts';

export const tokensOperations = {
  listTokens: operation('GET /api/v1/tokens', {
    access: 'admin',
    summary: 'List access tokens',
    tags: ['tokens'],
    query: pageQuerySchema,
    responses: { 200: pageOf(tokenSchema) },
  }),
  createToken: operation('POST /api/v1/tokens', {
    access: 'admin',
    records: ['token.created'],
    summary: 'Make an access token',
    description: 'The token itself is in this answer alone. It can have no scope that the caller has not.',
    tags: ['tokens'],
    body: tokenInputSchema,
    responses: { 201: createdTokenSchema },
  }),
  revokeToken: operation('DELETE /api/v1/tokens/:id', {
    access: 'admin',
    records: ['token.revoked'],
    summary: 'Revoke an access token',
    tags: ['tokens'],
    params: z.object({ id: z.uuid() }),
    responses: { 204: z.undefined() },
  }),
};
