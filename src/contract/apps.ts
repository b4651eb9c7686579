/** Programs that sign in by OAuth to run skills at `/mcp`: the VM is their authorization server. */
import { z } from 'zod';
import { slugSchema, timeSchema } from './common.ts';

/** What a program may be let in for: it runs skills, and is told what comes of its own runs. */
export const appScope = 'run';

/** Of a query, and of a body at the authorization server's own addresses, in characters. */
const longestQuery = 8192;

const query = z
  .string()
  .min(1)
  .max(longestQuery)
  .describe('All that stands behind the ? of the address with which the program sent the browser here');

export const appRequestSchema = z.object({ query }).strict();

export const appDecisionSchema = z
  .object({
    query,
    decision: z.enum(['allow', 'deny']),
    skills: z
      .array(slugSchema)
      .min(1)
      .max(200)
      .nullish()
      .describe('With `allow`: the skills that it may run; null or left out: all, those to come too'),
  })
  .strict();
export type AppDecision = z.infer<typeof appDecisionSchema>;

/** Who asks to be let in, as it is shown before the owner decides. */
export const askingAppSchema = z.object({
  name: z.string().describe('What it calls itself; anybody can call themselves anything'),
  publisher: z
    .string()
    .nullable()
    .describe('The host whose document says who it is; null: it was registered, which anybody can'),
  redirectUri: z.string().describe('Where the answer goes'),
  goesTo: z
    .enum(['this-machine', 'site', 'program'])
    .describe('A program on the machine of the browser, a web site, or whatever opens links of that kind'),
  refused: z
    .object({ message: z.string(), returnTo: z.string() })
    .nullable()
    .describe('Why it cannot be let in, and the address that tells it so; null: the owner can decide'),
});
export type AskingApp = z.infer<typeof askingAppSchema>;

export const appAnswerSchema = z.object({
  returnTo: z.string().describe('Where the browser goes now, with the code or with the refusal'),
});

/** A program that was let in, as it is shown: no token. */
export const appSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  publisher: z.string().nullable(),
  redirectUri: z.string(),
  skills: z.array(slugSchema).nullable().describe('The skills that it may run; null: all'),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
  expiresAt: timeSchema.describe('It is out from then on, unless it renews its tokens before'),
});
export type App = z.infer<typeof appSchema>;

/** RFC 9728: what `/mcp` says of who lets in to it. */
export const resourceMetadataSchema = z.object({
  resource: z.string(),
  authorization_servers: z.array(z.string()),
  scopes_supported: z.array(z.string()),
  bearer_methods_supported: z.array(z.string()),
  resource_name: z.string(),
});

/** RFC 8414, with what RFC 9207 and client ID metadata documents add. */
export const authorizationMetadataSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  registration_endpoint: z.string(),
  revocation_endpoint: z.string(),
  response_types_supported: z.array(z.string()),
  response_modes_supported: z.array(z.string()),
  grant_types_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  revocation_endpoint_auth_methods_supported: z.array(z.string()),
  code_challenge_methods_supported: z.array(z.string()),
  scopes_supported: z.array(z.string()),
  client_id_metadata_document_supported: z.boolean(),
  authorization_response_iss_parameter_supported: z.boolean(),
});

/** RFC 7591: a program as it is registered. */
export const registeredAppSchema = z.object({
  client_id: z.string(),
  client_id_issued_at: z.int(),
  client_name: z.string(),
  redirect_uris: z.array(z.string()),
  grant_types: z.array(z.string()),
  response_types: z.array(z.string()),
  token_endpoint_auth_method: z.literal('none'),
  scope: z.string(),
});

const clientId = z.string().describe('As it was registered, or the address of the program’s document');

/** RFC 6749 with RFC 7636 and RFC 8707: what the token endpoint is sent. It is read by OAuth's own rules. */
export const tokenFormSchema = z.object({
  grant_type: z.enum(['authorization_code', 'refresh_token']),
  client_id: clientId,
  code: z.string().optional().describe('Of an authorization_code'),
  code_verifier: z.string().optional().describe('With a code: what its challenge was made of'),
  redirect_uri: z.string().optional().describe('With a code: where the answer went'),
  refresh_token: z.string().optional().describe('Of a refresh_token'),
  resource: z.string().optional().describe('The address of /mcp, if it is said'),
});

/** RFC 7009. */
export const revocationFormSchema = z.object({
  token: z.string(),
  client_id: clientId.optional(),
});

export const appTokensSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('In seconds'),
  refresh_token: z.string().describe('Good once: the answer to its use has the next'),
  scope: z.string(),
});
export type AppTokens = z.infer<typeof appTokensSchema>;
