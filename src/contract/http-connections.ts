/** Configurations of the connections that are dialled by HTTP: MCP servers, and APIs that become tools. */
import { z } from 'zod';
import { jsonSchemaSchema, oneAtATimeSchema, secretInputSchema } from './common.ts';
import { deviceLoginSchema, httpUrl, oauthSchema } from './login-config.ts';

const secretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'use letters, digits and underscores');
const timeoutMs = z.int().min(100).max(3_600_000);
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'use the name of an HTTP header');
const headers = z.record(headerName, secretInputSchema).default({});
const secrets = z.record(secretName, z.string().min(1)).default({});
const allowPrivateNetwork = z
  .boolean()
  .default(false)
  .describe('May dial addresses of the own machine and network; link-local and metadata addresses never');

export const mcpHttpConfigSchema = z
  .object({
    url: httpUrl.describe('A dollar and {NAME} take the entry of that name from secrets'),
    headers,
    secrets,
    oauth: oauthSchema.optional(),
    device: deviceLoginSchema.optional(),
    allowPrivateNetwork,
    oneAtATime: oneAtATimeSchema,
    timeoutMs: timeoutMs.optional().describe('For one call, in milliseconds'),
  })
  .strict();

/** How an HTTP API is told who asks. `token`, `password`, `value` and `clientSecret` are secrets. */
const httpApiAuthSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }).strict(),
  z.object({ type: z.literal('bearer'), token: z.string().min(1) }).strict(),
  z.object({ type: z.literal('basic'), username: z.string(), password: z.string() }).strict(),
  z.object({ type: z.literal('header'), name: headerName, value: z.string().min(1) }).strict(),
  z.object({ type: z.literal('query'), name: z.string().min(1).max(200), value: z.string().min(1) }).strict(),
  z
    .object({
      type: z.literal('oauth2ClientCredentials'),
      tokenUrl: httpUrl,
      clientId: z.string().min(1),
      clientSecret: z.string().min(1),
      scope: z.string().optional(),
      audience: z.string().optional(),
      send: z
        .enum(['basic', 'body'])
        .default('basic')
        .describe('Where the token endpoint looks for the client'),
    })
    .strict(),
  z
    .object({
      type: z.literal('oauth2').describe('A person signs in (POST …/login); the tokens stand in `oauth`'),
      provider: z
        .string()
        .max(40)
        .optional()
        .describe('One that Alfred knows, such as google; else it is known by the host of the API'),
      scheme: z
        .string()
        .max(200)
        .optional()
        .describe(
          'Which of the security schemes of the document; else the first that a person can sign in by',
        ),
      issuer: httpUrl.optional().describe('Of a server that says itself where one signs in'),
      authorizationUrl: httpUrl.optional(),
      tokenUrl: httpUrl.optional(),
      deviceUrl: httpUrl.optional().describe('Where a code for another device is asked for (RFC 8628)'),
      revocationUrl: httpUrl.optional(),
      scope: z
        .string()
        .max(4096)
        .optional()
        .describe('What to ask for; else the least that the chosen operations need'),
      resource: z.string().max(2048).optional().describe('Sent where the server wants it (RFC 8707)'),
      send: z.enum(['basic', 'body']).optional().describe('Where the token endpoint looks for the client'),
    })
    .strict(),
]);
export type HttpApiAuth = z.infer<typeof httpApiAuthSchema>;

/** An operation listed by hand, where there is no OpenAPI document. */
const httpOperationSchema = z
  .object({
    name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'use up to 64 letters, digits, _ and -'),
    description: z.string().max(2000).optional(),
    method: z.enum(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'POST', 'PATCH']),
    path: z
      .string()
      .max(2000)
      .regex(/^(?:\/|$)/, 'start with /')
      .describe('With {name} where a path parameter goes; empty for the base URL itself'),
    parameters: z
      .array(
        z
          .object({
            name: z.string().min(1).max(200),
            in: z.enum(['path', 'query', 'header', 'cookie']).default('query'),
            required: z.boolean().optional(),
            description: z.string().max(1000).optional(),
            schema: jsonSchemaSchema.default({ type: 'string' }),
          })
          .strict(),
      )
      .max(100)
      .default([]),
    body: z
      .object({
        contentType: z.string().max(200).default('application/json'),
        required: z.boolean().default(true),
        schema: jsonSchemaSchema.default({}),
      })
      .strict()
      .optional(),
    readOnly: z.boolean().optional().describe('true for a POST that only looks something up'),
  })
  .strict();
export type HttpOperation = z.infer<typeof httpOperationSchema>;

/** An OpenAPI document: its address, a file of this machine, or the document itself as text or data. */
const openApiSourceSchema = z.union([
  z.string().min(1).describe('An address, the path of a file, or the text of a document'),
  z.object({ url: httpUrl }).strict(),
  z.object({ file: z.string().min(1).max(4096) }).strict(),
  z.object({ document: z.union([z.string().min(1), z.record(z.string(), z.unknown())]) }).strict(),
]);
export type OpenApiSource = z.infer<typeof openApiSourceSchema>;

export const httpApiConfigSchema = z
  .object({
    baseUrl: httpUrl
      .optional()
      .describe(
        'Where the API is; without it, the first server of the document, whose path is put behind a base URL that has none. A dollar and {NAME} take the entry of that name from secrets',
      ),
    basePath: z
      .string()
      .max(2000)
      .regex(/^\/[^?#\s]*$/, 'start with /')
      .optional()
      .describe("Put behind a baseUrl without a path in place of the document's own; / for none"),
    otherOrigins: z
      .array(httpUrl)
      .max(20)
      .optional()
      .describe(
        'Other hosts that operations of the document may be sent to, credentials and all, such as https://uploads.example.com',
      ),
    openapi: openApiSourceSchema.optional(),
    origin: httpUrl
      .optional()
      .describe(
        'Where its document says that the API is, when there is no baseUrl: read there by whoever may approve, shown, and approved with the rest. A document that names another place later is refused',
      ),
    include: z
      .array(z.string().min(1).max(500))
      .max(1000)
      .default([])
      .describe('operationIds, tags or "GET /path" of the document, * for anything; empty: all'),
    serverVariables: z.record(z.string(), z.string().max(500)).default({}),
    auth: httpApiAuthSchema.default({ type: 'none' }),
    oauth: oauthSchema.optional().describe('What a sign-in has left'),
    device: deviceLoginSchema.optional(),
    headers,
    secrets,
    operations: z.array(httpOperationSchema).max(500).optional(),
    allowPrivateNetwork,
    timeoutMs: timeoutMs.optional().describe('For one call, in milliseconds'),
  })
  .strict()
  .refine((config) => config.openapi !== undefined || (config.operations?.length ?? 0) > 0, {
    path: ['openapi'],
    message: 'give an OpenAPI document or a list of operations',
  })
  .refine((config) => config.openapi !== undefined || config.baseUrl !== undefined, {
    path: ['baseUrl'],
    message: 'say where the API is',
  });
export type HttpApiConfigInput = z.infer<typeof httpApiConfigSchema>;
