/** Connections and their tools on the wire. */
import { z } from 'zod';
import { connectionNameSchema, jsonSchemaSchema, slugSchema, timeSchema } from './common.ts';
import { connectionTypeSchema } from './connection-types.ts';
import { deviceLoginSchema, loginSchema } from './logins.ts';

const connectionStatuses = ['new', 'ready', 'error', 'needs_login', 'changed'] as const;

const timeoutMs = z.int().min(100).max(3_600_000);

export const toolAnnotationsSchema = z.object({
  title: z.string().optional(),
  readOnlyHint: z.boolean().optional(),
  destructiveHint: z.boolean().optional(),
  idempotentHint: z.boolean().optional(),
  openWorldHint: z.boolean().optional(),
});

/** A tool as a server describes it. */
export const toolSchema = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: jsonSchemaSchema,
  outputSchema: jsonSchemaSchema.optional(),
  annotations: toolAnnotationsSchema.optional(),
  unusable: z
    .string()
    .optional()
    .describe('Why no model can be given it, as the end of a sentence; such a tool is off'),
  scopes: z
    .array(z.array(z.string()))
    .optional()
    .describe('Of an HTTP API: what its document says that a sign-in needs for it, one list or another'),
});
export type Tool = z.infer<typeof toolSchema>;

/** A tool as a person approved it: `hash` is the SHA-256 (hex) of its definition; `off` says why it may not be called. */
export const pinnedToolSchema = toolSchema.extend({
  hash: z.string(),
  off: z.enum(['changed', 'new', 'gone', 'unusable']).optional(),
  pending: toolSchema
    .extend({ hash: z.string() })
    .optional()
    .describe('What a changed tool has become; approving the connection accepts it'),
});
export type PinnedTool = z.infer<typeof pinnedToolSchema>;

/** What keeps a connection's program from the VM on this machine: docs/security.md, "The walls". */
export const wallKindSchema = z.enum(['bubblewrap', 'namespaces', 'landlock', 'none']);
export type WallKind = z.infer<typeof wallKindSchema>;
const connectionWallsSchema = z.object({
  kind: wallKindSchema,
  message: z.string().describe('What they keep from it, or that nothing does, for a person'),
});
export type ConnectionWalls = z.infer<typeof connectionWallsSchema>;

/** A connection as it is shown: every secret leaf of `config` is `{sealed: true, fingerprint}`. */
export const connectionSchema = z.object({
  id: z.uuid(),
  name: connectionNameSchema,
  type: connectionTypeSchema,
  config: z
    .record(z.string(), z.unknown())
    .describe(
      'As given, each secret as {sealed, fingerprint}, an OpenAPI document that was sent along as {kept: {sha256, bytes}}',
    ),
  tools: z.array(z.string()),
  toolCatalog: z.array(pinnedToolSchema),
  isActive: z.boolean(),
  approved: z.boolean().describe('A person approved exactly this command or URL'),
  changedSinceApproval: z
    .array(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
    .optional()
    .describe('What of the command or address is other than it was approved, by JSON pointer into config'),
  status: z.enum(connectionStatuses),
  lastError: z.string().nullable(),
  login: loginSchema.optional().describe('Of a connection that somebody has signed in to'),
  deviceLogin: deviceLoginSchema
    .pick({ state: true, why: true })
    .optional()
    .describe('A sign-in by a code that waits for its person, or came to nothing'),
  lastUsedAt: timeSchema.nullable(),
  lastCheckedAt: timeSchema.nullable(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  walls: connectionWallsSchema.optional().describe('Of a program: what it runs behind on this machine'),
  approvedWalls: wallKindSchema.optional().describe('Of a program: what it ran behind when it was approved'),
  warnings: z
    .array(z.string())
    .optional()
    .describe('What a person should know of the change just made: secrets that were dropped, or can be seen'),
});
export type Connection = z.infer<typeof connectionSchema>;

/** What a test of a connection found, in plain words. */
export const connectionTestSchema = z.object({
  ok: z.boolean(),
  message: z.string().describe('A sentence for a person'),
  code: z.string().optional(),
  remedy: z.string().optional(),
  durationMs: z.int(),
  server: z
    .object({
      name: z.string(),
      version: z.string(),
      instructions: z
        .string()
        .optional()
        .describe(
          'What an MCP server says of its use. No model is given it: what is good of it belongs in a step’s guidance',
        ),
    })
    .optional(),
  toolCount: z.int().optional(),
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

/** What a discovery found. On a connection that had tools before, added and changed ones are off until they are approved. */
export const discoverResultSchema = z.object({
  tools: z.array(toolSchema),
  added: z.array(z.string()),
  changed: z.array(z.string()),
  removed: z.array(z.string()),
  warnings: z
    .array(z.string())
    .describe('What a person should know of it: tools that cannot be used, parts that could not be read'),
});
export type DiscoverResult = z.infer<typeof discoverResultSchema>;

/** A call by hand. */
export const callToolSchema = z
  .object({
    arguments: z.record(z.string(), z.unknown()).default({}).describe("As the tool's inputSchema has them"),
    timeoutMs: timeoutMs.optional(),
  })
  .strict();

export const toolCallResultSchema = z.object({
  content: z.array(z.record(z.string(), z.unknown())),
  structuredContent: z.unknown().optional(),
  isError: z.boolean(),
  durationMs: z.int(),
});
export type ToolCallResult = z.infer<typeof toolCallResultSchema>;

/**
 * A change of a connection, as a JSON merge patch: a secret left out or sent back as `{sealed, …}` is kept, null deletes.
 * `openapi`, and `auth` of another type, are replaced as a whole.
 */
export const connectionPatchSchema = z
  .object({ config: z.record(z.string(), z.unknown()), isActive: z.boolean() })
  .partial()
  .strict();
export type ConnectionPatch = z.infer<typeof connectionPatchSchema>;

export const renameConnectionSchema = z.object({ to: connectionNameSchema }).strict();

export const connectionRenamedSchema = z.object({
  name: connectionNameSchema,
  skills: z.array(slugSchema).describe('Those whose steps follow, each as a new version'),
  conversations: z.int().describe('How many of those that choose their tools follow'),
  warnings: z.array(z.string()).describe('What says the old name still'),
});
export type ConnectionRenamed = z.infer<typeof connectionRenamedSchema>;
