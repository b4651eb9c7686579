/** Webhooks on the wire. */
import { z } from 'zod';
import { timeSchema } from './common.ts';
import { executionStatuses } from './execution-status.ts';
import { webhookAuths } from './triggers.ts';
import { webhookSchemeSchema } from './webhook-scheme.ts';

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
  sender: z
    .string()
    .nullable()
    .describe("The sender's name for people; null for a scheme of its own, and for none"),
  words: z.string().describe('How its calls prove themselves'),
  steps: z.array(z.string()).describe('What is clicked at the sender, in order'),
  know: z.string().nullable().describe('What an owner should know of the sender'),
  methods: z.array(z.string()),
  isActive: z.boolean().describe('false: a draft, which answers nobody'),
  hasSecret: z.boolean(),
  handshake: z
    .enum(['none', 'kept', 'shown'])
    .describe(
      '`kept`: the sender hands its secret over by itself; `shown`: and wants it typed at its own page',
    ),
  secretName: z.string().describe('What the sender calls the secret'),
  secretFrom: z
    .enum(['sender', 'ours', 'either'])
    .describe('`sender`: only it can make the secret, which is to be put here'),
});
export type Hook = z.infer<typeof hookSchema>;

/** A sender that is known by name, as people choose it. */
export const webhookSenderSchema = z.object({
  auth: z.string().describe('What `triggerConfig.auth` says'),
  title: z.string(),
  also: z.array(z.string()).describe('Other names that people look for'),
  words: z.string().describe('How its calls prove themselves'),
  steps: z
    .array(z.string())
    .describe('What is clicked there, in order; {url} stands for the address of the hook'),
  know: z.string().nullable(),
  secretName: z.string(),
  secretFrom: z.enum(['sender', 'ours', 'either']),
  hasVerifyToken: z.boolean().describe('It asks for a word of the owner’s own: `triggerConfig.verifyToken`'),
  scheme: webhookSchemeSchema,
});
export type WebhookSender = z.infer<typeof webhookSenderSchema>;

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
