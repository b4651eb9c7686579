/** What a sign-in leaves in the config of a connection, and what one that waits for its person does. */
import { z } from 'zod';
import { timeSchema } from './common.ts';

export const httpUrl = z
  .string()
  .max(8192)
  .regex(/^https?:\/\//i, 'use an http:// or https:// address');
/** How a client shows a token endpoint who it is. */
export const clientAuthMethods = ['none', 'client_secret_basic', 'client_secret_post'] as const;

/** Where a server is asked that says nowhere itself where it is: as a document, the owner, or Alfred's own list names it. */
const loginEndpointsSchema = z
  .object({
    authorization: httpUrl.optional(),
    token: httpUrl,
    refresh: httpUrl.optional().describe('Where tokens are renewed, if elsewhere'),
    device: httpUrl.optional(),
    revocation: httpUrl.optional(),
  })
  .strict();
export type LoginEndpoints = z.infer<typeof loginEndpointsSchema>;

/** What an OAuth sign-in has left. `clientSecret`, `accessToken` and `refreshToken` are secrets. */
export const oauthSchema = z
  .object({
    clientId: z.string().min(1),
    clientSecret: z.string().min(1).optional(),
    accessToken: z.string().min(1).optional(),
    refreshToken: z.string().min(1).optional(),
    expiresAt: timeSchema.optional().describe('Of the access token'),
    issuer: httpUrl.optional(),
    endpoints: loginEndpointsSchema.optional().describe('Of a server that says them nowhere itself'),
    provider: z.string().optional().describe('The one of Alfred’s own list that it is'),
    scope: z.string().optional().describe('What was granted; what was asked, where the server does not say'),
    asked: z.string().optional().describe('The scope that was asked for'),
    missing: z.string().optional().describe('The scope that a call was refused for want of'),
    resource: z.string().optional().describe('As the server names itself in its metadata, to the byte'),
    authMethod: z.enum(clientAuthMethods).optional(),
    clientFrom: z.enum(['document', 'registration', 'hand']).optional(),
    clientExpiresAt: timeSchema.optional(),
    redirectUri: httpUrl.optional().describe('With which the client is registered'),
    grantedAt: timeSchema.optional(),
    grantedBy: z.string().optional(),
    tokenAt: timeSchema.optional().describe('When the access token was given'),
    renewingSince: timeSchema.optional().describe('A renewal was asked for, and no answer to it is known'),
    ended: z.object({ at: timeSchema, why: z.string() }).strict().optional(),
    warnedOf: timeSchema.optional().describe('The end of the access token that the owner was told of'),
  })
  .strict();
export type OAuthLogin = z.infer<typeof oauthSchema>;

/** A sign-in by a code on another device (RFC 8628) that waits for its person. `deviceCode` and `clientSecret` are secrets. */
export const deviceLoginSchema = z
  .object({
    deviceCode: z.string().min(1),
    userCode: z.string().min(1),
    verificationUri: httpUrl,
    verificationUriComplete: httpUrl.optional(),
    expiresAt: timeSchema,
    intervalMs: z.int().min(1),
    begunBy: z.string(),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1).optional(),
    clientFrom: z.enum(['document', 'registration', 'hand']),
    clientExpiresAt: timeSchema.optional(),
    authMethod: z.enum(clientAuthMethods),
    issuer: httpUrl,
    endpoints: loginEndpointsSchema.optional(),
    provider: z.string().optional(),
    tokenEndpoint: httpUrl,
    scope: z.string().optional(),
    resource: z.string().optional(),
    approvedHash: z.string().describe('Of the connection when it was begun'),
    failed: z
      .object({ state: z.enum(['denied', 'expired', 'failed']), why: z.string() })
      .strict()
      .optional(),
  })
  .strict();
export type WaitingDevice = z.infer<typeof deviceLoginSchema>;
