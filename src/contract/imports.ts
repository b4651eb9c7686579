/** Importing connections: what is pasted, and the preview of what it would become. Nothing is started by an import. */
import { z } from 'zod';
import { connectionNameSchema } from './common.ts';
import { connectionTypeSchema } from './connection-types.ts';

/**
 * `mcpServers` as Claude Desktop, `.mcp.json` and Cursor write it, `servers` as VS Code does, or `text`: any of those as
 * text, an `npx`, `uvx` or `docker run` line, or a URL. `httpApis` is what our own export writes beside `mcpServers`.
 * Without `apply`, the answer is a preview and nothing is saved.
 */
export const importRequestSchema = z
  .object({
    mcpServers: z.record(z.string(), z.unknown()).optional(),
    servers: z.record(z.string(), z.unknown()).optional(),
    httpApis: z.record(z.string(), z.unknown()).optional(),
    inputs: z.array(z.unknown()).optional(),
    text: z.string().max(1_000_000).optional(),
    apply: z.boolean().default(false).describe('true: save what the preview shows; still nothing is started'),
    only: z.array(connectionNameSchema).optional().describe('Save these of the preview alone'),
  })
  .refine(
    ({ mcpServers, servers, text, httpApis }) =>
      [mcpServers, servers, text].filter((given) => given !== undefined).length ===
      (httpApis === undefined ? 1 : mcpServers === undefined ? 0 : 1),
    { message: 'give one of mcpServers, servers and text; httpApis alone or beside mcpServers' },
  );
export type ImportRequest = z.infer<typeof importRequestSchema>;

/** A value of the import that was taken for a secret or not, without the value. */
const importedValueSchema = z.object({
  field: z.string().describe('JSON pointer into config'),
  secret: z.boolean(),
  why: z.string(),
});

const connectionPreviewSchema = z.object({
  name: connectionNameSchema,
  importedAs: z.string().describe('The name that the source gave it'),
  type: connectionTypeSchema,
  runs: z.string().optional().describe('The exact command that would be started, after approval'),
  dials: z.string().optional().describe('The address that would be called, after approval'),
  config: z.record(z.string(), z.unknown()).describe('As it would be saved; secrets are left out'),
  values: z.array(importedValueSchema),
  missing: z
    .array(z.string())
    .describe('Fields that hold a placeholder and must be filled in before this can work'),
  warnings: z.array(z.string()),
  exists: z.boolean().describe('A connection of this name is there already, so another name was chosen'),
});
export type ConnectionPreview = z.infer<typeof connectionPreviewSchema>;

export const importResultSchema = z.object({
  previews: z.array(connectionPreviewSchema),
  refused: z.array(z.object({ name: z.string(), reason: z.string() })),
  saved: z.array(connectionNameSchema).describe('Empty for a preview'),
});
export type ImportResult = z.infer<typeof importResultSchema>;

/** All connections in the form that other programs read, placeholders in the place of secrets. */
export const exportSchema = z.object({
  mcpServers: z.record(z.string(), z.record(z.string(), z.unknown())),
  httpApis: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .optional()
    .describe('Connections of type http_api, which other programs do not have; the import reads them'),
});
export type ExportedConnections = z.infer<typeof exportSchema>;
