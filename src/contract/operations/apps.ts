import { z } from 'zod';
import {
  appAnswerSchema,
  appDecisionSchema,
  appRequestSchema,
  appSchema,
  appTokensSchema,
  askingAppSchema,
  authorizationMetadataSchema,
  registeredAppSchema,
  resourceMetadataSchema,
  revocationFormSchema,
  tokenFormSchema,
} from '../apps.ts';
import { pageOf, pageQuerySchema } from '../common.ts';
import { operation } from '../operation.ts';

/** What is sent to the addresses of OAuth is read by their own rules, and refused in their own words. */
const form = z.record(z.string(), z.unknown());

export const appsOperations = {
  readResourceMetadata: operation('GET /.well-known/oauth-protected-resource/mcp', {
    // Programs look these up before they have anything to show; none says more than the address that was asked.
    access: 'public',
    summary: 'Who lets programs in to /mcp (RFC 9728)',
    tags: ['apps'],
    responses: { 200: resourceMetadataSchema },
  }),
  readRootResourceMetadata: operation('GET /.well-known/oauth-protected-resource', {
    access: 'public',
    summary: 'The same, where programs look that know no path',
    tags: ['apps'],
    responses: { 200: resourceMetadataSchema },
  }),
  readAuthorizationMetadata: operation('GET /.well-known/oauth-authorization-server', {
    access: 'public',
    summary: 'The VM as the authorization server of /mcp (RFC 8414)',
    tags: ['apps'],
    responses: { 200: authorizationMetadataSchema },
  }),
  registerApp: operation('POST /oauth/register', {
    // Nothing is kept of it.
    access: 'public',
    summary: 'Register a program (RFC 7591)',
    description:
      'Keeps nothing: the client ID that it answers with says all of the registration. Public clients alone, without a secret. Errors are as RFC 7591 has them.',
    tags: ['apps'],
    body: form.optional(),
    responses: { 201: registeredAppSchema },
  }),
  issueAppTokens: operation('POST /oauth/token', {
    // By the code, the refresh token, the token itself.
    access: 'public',
    summary: 'Exchange a code, or a refresh token (RFC 6749)',
    description:
      'A code goes with its `code_verifier` (PKCE, S256). A refresh token is good once, and for 30 seconds again for who lost the answer. Errors are as RFC 6749 has them.',
    tags: ['apps'],
    body: form.optional(),
    describedBody: tokenFormSchema,
    isForm: true,
    responses: { 200: appTokensSchema },
  }),
  revokeAppToken: operation('POST /oauth/revoke', {
    access: 'public',
    records: ['app.revoked'],
    summary: 'Give a token back (RFC 7009)',
    description: 'With a refresh token the program is out; with an access token that one is.',
    tags: ['apps'],
    body: form.optional(),
    describedBody: revocationFormSchema,
    isForm: true,
    responses: { 200: z.object({}) },
  }),
  lookAtApp: operation('POST /api/v1/apps/look', {
    // A person's word: a session and the owner's token have every scope.
    access: 'every-scope',
    summary: 'Who asks to be let in',
    description: 'Reads the document that a program names as its client ID, where it names one.',
    tags: ['apps'],
    body: appRequestSchema,
    responses: { 200: askingAppSchema },
  }),
  decideOnApp: operation('POST /api/v1/apps/decide', {
    access: 'every-scope',
    records: ['app.granted', 'app.refused'],
    summary: 'Let a program in, or turn it away',
    description: 'To let it in a session must be of the last 15 minutes.',
    tags: ['apps'],
    body: appDecisionSchema,
    responses: { 200: appAnswerSchema },
  }),
  listApps: operation('GET /api/v1/apps', {
    access: 'admin',
    summary: 'List the programs that were let in',
    tags: ['apps'],
    query: pageQuerySchema,
    responses: { 200: pageOf(appSchema) },
  }),
  revokeApp: operation('DELETE /api/v1/apps/:id', {
    access: 'admin',
    records: ['app.revoked'],
    summary: 'Shut a program out',
    tags: ['apps'],
    params: z.object({ id: z.uuid() }),
    responses: { 204: z.undefined() },
  }),
};
