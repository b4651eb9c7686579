/** Where secrets were used, and what would be hit if one of them were changed. */
import { z } from 'zod';
import { pageQuerySchema, timeSchema } from './common.ts';

export const secretUseSchema = z.object({
  executionId: z.uuid().nullable().describe('Null for a use outside a run: a discovery, a test, a delivery'),
  stepId: z.int().nullable(),
  destination: z.string().describe('The host, or the command of a local server'),
  uses: z.int(),
  firstUsedAt: timeSchema,
  lastUsedAt: timeSchema,
});

const secretDependentsSchema = z.object({
  connections: z.array(z.string()).describe('They cannot log in with the old value any more'),
  skills: z.array(z.object({ slug: z.string(), isActive: z.boolean() })),
  schedules: z.array(z.object({ slug: z.string(), nextRunAt: timeSchema.nullable() })),
  hooks: z.array(z.object({ slug: z.string(), path: z.string() })),
  note: z.string().describe('In plain words: what has to be done with it'),
});
export type SecretDependents = z.infer<typeof secretDependentsSchema>;

export const secretSchema = z.object({
  secret: z
    .string()
    .describe(
      '`<connection>.<field>`, `<skill>.trigger_secret`, `notice <channel>.<field>`, or the config key',
    ),
  fingerprint: z.string(),
  uses: z.int(),
  lastUsedAt: timeSchema.nullable(),
  destinations: z.array(z.string()),
  breaks: secretDependentsSchema.describe('What would be hit if this secret were changed'),
  recent: z.array(secretUseSchema).describe('The last uses, the newest first'),
});
export type Secret = z.infer<typeof secretSchema>;

export const secretUsesQuerySchema = pageQuerySchema.extend({
  secret: z.string().max(300).optional().describe('One secret alone, with its last 50 uses'),
  execution: z.uuid().optional().describe('Those that this execution used, with its uses'),
});
export type SecretUsesQuery = z.infer<typeof secretUsesQuerySchema>;
