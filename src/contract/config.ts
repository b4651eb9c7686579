/** The key-value configuration on the wire. Secrets can be put and listed, never read. */
import { z } from 'zod';
import { timeSchema } from './common.ts';

export const configKeySchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'use lower-case letters, digits and underscores');

/** Keys that name secrets are always sealed: `anthropic_api_key`, and `…_secret`, `…_key`, `…_token`, `…_password`, public keys aside. */
export const isSecretKey = (key: string): boolean =>
  /_(secret|key|token|password)$/.test(key) && !key.endsWith('_public_key');

export const configEntrySchema = z.object({
  key: configKeySchema,
  value: z.string().nullable().describe('null for a sealed value'),
  sealed: z.boolean(),
  fingerprint: z.string().optional(),
  updatedAt: timeSchema,
  warnings: z
    .array(z.string())
    .optional()
    .describe(
      'What a person should know of the change just made: a key that was dropped, a secret too short',
    ),
});
export type ConfigEntry = z.infer<typeof configEntrySchema>;
export const putConfigSchema = z.object({ value: z.string().max(65_536) }).strict();
