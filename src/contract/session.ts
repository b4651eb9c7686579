/** Signing in, on the wire. */
import { z } from 'zod';
import { scopeSchema, timeSchema } from './common.ts';

export const signInSchema = z
  .object({ code: z.string().min(1).max(200).describe('Of a one-time sign-in link') })
  .strict();

/** Who the caller is. */
export const sessionSchema = z.object({
  kind: z.enum(['session', 'token', 'core']),
  actor: z.string().describe('As executions and versions name the caller'),
  scopes: z.array(scopeSchema),
  expiresAt: timeSchema.nullable(),
});

export const signInLinkSchema = z.object({
  url: z.url().describe('Works once, for 15 minutes; the code stands behind the #, so it reaches no log'),
  expiresAt: timeSchema,
});
