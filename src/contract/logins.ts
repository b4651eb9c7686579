/** Signing in to the server of a connection (OAuth 2.1), on the wire. */
import { z } from 'zod';
import { timeSchema } from './common.ts';

/**
 * How a person comes back from the page where they signed in: to the console, to a listener of the command line on the same
 * machine, or by copying the address that their browser ends at.
 */
const loginWays = ['console', 'loopback', 'paste'] as const;

const scope = z.string().min(1).max(4096);

export const beginLoginSchema = z
  .object({
    way: z.enum(loginWays),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe(
        'With `loopback`: where the caller listens on 127.0.0.1, at /callback; else the VM’s own port',
      ),
    clientId: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe('Of a client that was made at the authorization server by hand'),
    clientSecret: z.string().min(1).max(4096).optional().describe('Of that client, if it has one; a secret'),
    scope: scope.optional().describe('What to ask for; else what the server says that it wants'),
    redirectUri: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .optional()
      .describe(
        'With `paste`: the address to come back to that the client is registered with, where a server takes no other; no page need be there',
      ),
    guessEndpoints: z
      .boolean()
      .default(false)
      .describe('Try /authorize, /token and /register where the server says nowhere how one signs in'),
    omitResource: z
      .boolean()
      .default(false)
      .describe('Do not say which server the login is for, where the authorization server refuses that'),
  })
  .strict()
  .refine(({ clientId, clientSecret }) => clientSecret === undefined || clientId !== undefined, {
    path: ['clientId'],
    message: 'goes with clientSecret',
  });
export type BeginLogin = z.infer<typeof beginLoginSchema>;

export const loginBegunSchema = z.object({
  url: z.string().describe('Where the person signs in'),
  expiresAt: timeSchema.describe('Until then it can be finished'),
  issuer: z.string().describe('Whom the login is with'),
  scope: z.string().nullable().describe('What is asked for; null: what the server gives by itself'),
  redirectUri: z.string().describe('Where the browser ends'),
});
export type LoginBegun = z.infer<typeof loginBegunSchema>;

/** A sign-in by a code that is entered on another device (RFC 8628). */
export const beginDeviceLoginSchema = z
  .object({
    clientId: z.string().min(1).max(4096).optional(),
    clientSecret: z.string().min(1).max(4096).optional().describe('Of that client, if it has one; a secret'),
    scope: scope.optional().describe('What to ask for; else what the connection needs'),
    omitResource: z.boolean().default(false),
  })
  .strict()
  .refine(({ clientId, clientSecret }) => clientSecret === undefined || clientId !== undefined, {
    path: ['clientId'],
    message: 'goes with clientSecret',
  });
export type BeginDeviceLogin = z.infer<typeof beginDeviceLoginSchema>;

export const deviceLoginSchema = z.object({
  state: z
    .enum(['waiting', 'denied', 'expired', 'failed'])
    .describe('One that was finished is no more: `login` of the connection says so'),
  userCode: z.string().describe('What the person enters'),
  verificationUri: z.string().describe('Where; to be opened on any device'),
  verificationUriComplete: z.string().nullable().describe('The same with the code in it'),
  expiresAt: timeSchema,
  issuer: z.string().describe('Whom the login is with'),
  scope: z.string().nullable().describe('What is asked for; null: what the server gives by itself'),
  begunBy: z.string(),
  why: z.string().nullable().describe('Of one that came to nothing'),
});
export type DeviceLogin = z.infer<typeof deviceLoginSchema>;

/** How a person can sign in to an HTTP API. */
export const loginOfferSchema = z.object({
  issuer: z.string().describe('Whom the login would be with'),
  ways: z
    .array(z.enum(['browser', 'device']))
    .describe('By a page that sends one back, or by a code on another device'),
  sentTo: z.array(z.string()).describe('The only places to which the token is ever sent'),
  scopes: z.array(
    z.object({
      name: z.string(),
      words: z.string().nullable().describe('What it lets Alfred do'),
      wanted: z.boolean().describe('Of the least that the operations of the connection need'),
    }),
  ),
  asks: z.string().nullable().describe('What is asked for where nothing else is said'),
  client: z
    .object({
      kept: z.string().nullable().describe('The id of the client that is kept'),
      registers: z.boolean().describe('Alfred is let in by itself; else a person makes a client there'),
      secret: z.enum(['always', 'maybe', 'never']).describe('Whether such a client has a secret'),
    })
    .describe('As whom Alfred comes'),
  redirect: z
    .object({
      uri: z.string().describe('The address to come back to that a client is to be made with'),
      takes: z.enum(['port', 'exact', 'https']).describe('Which addresses the server takes'),
    })
    .nullable(),
  provider: z
    .object({
      id: z.string(),
      title: z.string(),
      clientUrl: z.string().describe('Where a client is made'),
      steps: z.array(z.string()).describe('What to do there'),
      renews: z.string(),
      know: z.array(z.string()).describe('What trips people there'),
    })
    .nullable()
    .describe('Where Alfred knows who it is'),
  warnings: z.array(z.string()),
});
export type LoginOffer = z.infer<typeof loginOfferSchema>;

export const finishLoginSchema = z
  .object({
    callbackUrl: z.string().min(1).max(16_384).describe('The whole address at which the browser ended'),
  })
  .strict();

/** Who is signed in to a connection's server, as it is shown: no token. */
export const loginSchema = z.object({
  state: z.enum(['signed_in', 'ended', 'signed_out']),
  issuer: z.string().nullable().describe('Whom the login is with'),
  scope: z.string().nullable().describe('What was granted'),
  asked: z.string().nullable().describe('What was asked for'),
  missing: z.string().nullable().describe('What a call was refused for want of'),
  grantedAt: timeSchema.nullable(),
  grantedBy: z.string().nullable().describe('Who signed in'),
  expiresAt: timeSchema.nullable().describe('When the present token ends; null: nobody said'),
  renews: z.boolean().describe('Renewed by itself before it ends; else one must sign in again'),
  client: z
    .enum(['document', 'registration', 'hand'])
    .nullable()
    .describe('Whence the authorization server knows Alfred'),
  ended: z.object({ at: timeSchema, why: z.string() }).nullable(),
});
export type Login = z.infer<typeof loginSchema>;

/** What an authorization server reads of Alfred at the VM's public address (OAuth Client ID Metadata Document). */
export const clientDocumentSchema = z.object({
  client_id: z.string(),
  client_name: z.string(),
  client_uri: z.string(),
  redirect_uris: z.array(z.string()),
  grant_types: z.array(z.string()),
  response_types: z.array(z.string()),
  token_endpoint_auth_method: z.literal('none'),
  application_type: z.literal('web'),
});
