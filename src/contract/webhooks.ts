/** Webhooks on the wire. */
import { z } from 'zod';
import { timeSchema } from './common.ts';
import { executionStatuses } from './executions.ts';
import { webhookAuths } from './triggers.ts';

/** Of a delivery's body, in bytes. */
export const webhookBodyLimit = 5 * 1024 * 1024;

/** What a hook with `response: "result"` answers when the run has ended. */
export const webhookResultSchema = z.object({
  executionId: z.uuid(),
  status: z.enum(executionStatuses),
  output: z.string().nullable(),
  error: z.string().nullable(),
  errorCode: z.string().nullable(),
});
export type WebhookResult = z.infer<typeof webhookResultSchema>;

export const hookSchema = z.object({
  slug: z.string(),
  url: z.string().describe('Where its sender posts to'),
  auth: z.enum(webhookAuths),
  response: z.enum(['accepted', 'result']),
  dedupeBy: z.string().nullable(),
  perMinute: z.int(),
  isActive: z.boolean().describe('false: a draft, which answers nobody'),
  hasSecret: z.boolean(),
});
export type Hook = z.infer<typeof hookSchema>;

export const hookSampleQuerySchema = z
  .object({
    body: z
      .string()
      .max(500_000)
      .optional()
      .describe('As text; one that fits the input schema when left out'),
    contentType: z.string().min(1).max(200).default('application/json'),
  })
  .strict();
export type HookSampleQuery = z.infer<typeof hookSampleQuerySchema>;

export const hookSampleSchema = z.object({
  url: z.string(),
  method: z.literal('POST'),
  headers: z.record(z.string(), z.string()).describe('Signed; of a bearer hook all but the token'),
  body: z.string(),
  needsToken: z.boolean().describe("A bearer hook's secret is its token, and is never shown"),
  expiresAt: timeSchema.nullable().describe('From when on the signature is too old'),
});
export type HookSample = z.infer<typeof hookSampleSchema>;

export const hookTestSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ check: z.string(), ok: z.boolean(), message: z.string() })),
});
export type HookTest = z.infer<typeof hookTestSchema>;
