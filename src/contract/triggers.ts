/** What starts a skill by itself, and what is set of each. */
import { z } from 'zod';
import { sealedMarkerSchema } from './common.ts';

export const triggerTypes = ['manual', 'schedule', 'webhook', 'chat'] as const;
export const triggerTypeSchema = z.enum(triggerTypes);

export const webhookAuths = ['standard', 'github', 'stripe', 'bearer', 'none'] as const;
export type WebhookAuth = (typeof webhookAuths)[number];

/** How many deliveries a hook takes a minute when its trigger does not say. */
export const defaultPerMinute = 60_000;

/** `triggerConfig` of each `triggerType`. */
export const triggerConfigSchemas = {
  manual: z.object({}).strict(),
  schedule: z
    .object({
      cron: z.string().min(1).max(200),
      timezone: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe("An IANA zone; the owner's, as it is at the time, when left out"),
      missed: z
        .enum(['skip', 'once'])
        .default('skip')
        .describe('What happens to fire times that passed while the VM was off'),
      overlap: z
        .enum(['skip', 'one', 'all'])
        .default('one')
        .describe(
          'What happens to a fire time while a scheduled run of the skill is under way: it is left out (`skip`); one run may wait (`one`); each waits its turn (`all`)',
        ),
    })
    .strict(),
  webhook: z
    .object({
      auth: z
        .enum(webhookAuths)
        .default('standard')
        .describe(
          'An unsigned hook is asked for in so many words: none. With standard, github and stripe `input.query` is empty: they sign the body, and not the address',
        ),
      response: z
        .enum(['accepted', 'result'])
        .default('accepted')
        .describe('`result`: the caller waits for the end of the run, a minute at most'),
      dedupeBy: z
        .string()
        .max(500)
        .regex(
          /^(header:[A-Za-z0-9-]+|\/.*)$/,
          'use header:<name>, or a JSON pointer into the body: /data/id',
        )
        .optional()
        .describe("Where a delivery's id stands; the scheme's own place when left out"),
      perMinute: z
        .int()
        .min(1)
        .max(1_000_000)
        .optional()
        .describe(`How many deliveries are taken a minute; ${defaultPerMinute} when left out`),
      secret: z
        .union([z.string().min(8).max(1024), sealedMarkerSchema])
        .optional()
        .describe('Sealed and never shown again; made up, and shown this once, when left out'),
    })
    .strict(),
  chat: z.object({ phrases: z.array(z.string().min(1).max(200)).max(50).optional() }).strict(),
} as const;
