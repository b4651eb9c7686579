/** Access tokens on the wire. */
import { z } from 'zod';
import { scopeSchema, slugSchema, timeSchema } from './common.ts';

export const tokenInputSchema = z
  .object({
    name: z.string().min(1).max(100),
    scopes: z.array(scopeSchema).min(1),
    expiresAt: timeSchema.nullish(),
    skills: z
      .array(slugSchema)
      .min(1)
      .max(200)
      .optional()
      .describe('The skills that it may run, and nothing else; with the scope `run` alone'),
  })
  .strict()
  .refine(({ skills, scopes }) => skills === undefined || scopes.every((scope) => scope === 'run'), {
    path: ['skills'],
    message: 'goes with the scope run alone',
  });

export const tokenSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(scopeSchema),
  skills: z.array(slugSchema).nullable().describe('The skills that it is for; null: what its scopes say'),
  createdAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  lastUsedAt: timeSchema.nullable(),
});
export const createdTokenSchema = tokenSchema.extend({ token: z.string().describe('Shown this once') });
