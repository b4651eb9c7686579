/** Access tokens on the wire. */
import { z } from 'zod';
import { scopeSchema, timeSchema } from './common.ts';

export const tokenInputSchema = z
  .object({
    name: z.string().min(1).max(100),
    scopes: z.array(scopeSchema).min(1),
    expiresAt: timeSchema.nullish(),
  })
  .strict();

export const tokenSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  lastUsedAt: timeSchema.nullable(),
});
export const createdTokenSchema = tokenSchema.extend({ token: z.string().describe('Shown this once') });
