/** What several nouns share on the wire. */
import { z } from 'zod';

/** A time as the API writes it: ISO 8601 in UTC. */
export const timeSchema = z.iso.datetime();

/** The name of a connection, and so of its server in tool names. */
export const connectionNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    'use a lower-case letter, then up to 39 lower-case letters, digits or hyphens',
  );

/** The name of a skill in commands, hooks and chat: the rule of agentskills.io for a skill's `name`. */
export const slugSchema = z
  .string()
  .max(64, 'use at most 64 characters')
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use lower-case letters and digits, with single hyphens between them');

/** Where a secret stands, without saying anything of its value: the fingerprint is keyed. */
export const sealedMarkerSchema = z.object({ sealed: z.literal(true), fingerprint: z.string() });
export type SealedMarker = z.infer<typeof sealedMarkerSchema>;

/** In `env` and `headers` a bare string is a secret and is sealed; `{plain}` is not. */
export const secretInputSchema = z.union([z.string(), z.object({ plain: z.string() }).strict()]);
export type SecretInput = z.infer<typeof secretInputSchema>;

export const oneAtATimeSchema = z
  .boolean()
  .optional()
  .describe(
    'Calls wait for each other, for a server that loses what it is told at once; on by itself for those known to',
  );

export const jsonSchemaSchema = z.record(z.string(), z.unknown()).describe('A JSON Schema (draft 2020-12)');

/** Nothing is done to what was changed since it was read (412). */
export const ifMatchSchema = z.looseObject({
  'if-match': z.string().max(2000).optional().describe('The ETag of what was looked at'),
});

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
});

/** A keyset page of `item`: ask again with `nextCursor` until it is null. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** Scopes of access tokens. The owner's own token has them all. */
/** `metrics` opens `/metrics` and nothing else: who watches over a VM need not read what it did. */
export const scopes = ['read', 'run', 'write', 'connections:approve', 'admin', 'metrics'] as const;
export const scopeSchema = z.enum(scopes);
export type Scope = z.infer<typeof scopeSchema>;

/** `mcp__<connection>__<tool>`, or `mcp__<connection>__*` for every tool of a connection. */
export const toolNameSchema = z
  .string()
  .regex(/^mcp__[a-z][a-z0-9-]{0,39}__.+$/, 'use mcp__<connection>__<tool> or mcp__<connection>__*');
