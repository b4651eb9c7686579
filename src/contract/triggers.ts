/** What is set of each type of trigger. */
import { z } from 'zod';
import { sealedMarkerSchema, timeSchema } from './common.ts';
import { type SenderName, senderNames } from './senders/senders.ts';
import { type TriggerType, triggerTypes } from './trigger-types.ts';
import { hookAnswerSchema, webhookSchemeSchema } from './webhook-scheme.ts';

export const triggerTypeSchema = z.enum(triggerTypes);

/** How a hook's calls prove themselves: as a known sender does, by a scheme of one's own, or not at all. */
export type WebhookAuth = SenderName | 'custom' | 'none';
export const webhookAuths: readonly WebhookAuth[] = [...senderNames, 'custom', 'none'];

/** The ways in which a hook is called. */
const hookMethods = ['POST', 'GET'] as const;

/** Headers that no skill sees: they let somebody in. */
export const hiddenHeaders: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
];

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
      pausedUntil: timeSchema
        .optional()
        .describe('It fires only behind this time; the next fire time itself leaves out that one'),
    })
    .strict(),
  webhook: z
    .object({
      auth: z
        .enum(webhookAuths)
        .default('standard')
        .describe(
          'The sender by its name (`GET /api/v1/webhook-senders`), `custom` with a `scheme`, or in so many words `none`. Where the signature is over the body alone, `input.query` is empty',
        ),
      scheme: webhookSchemeSchema
        .optional()
        .describe('With `auth: "custom"`: how its calls prove themselves'),
      verifyToken: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('Of Meta: the word that its form asks for as well. Kept as a hash'),
      methods: z
        .array(z.enum(hookMethods))
        .min(1)
        .max(2)
        .optional()
        .describe('How it may be called: POST when left out. GET is for senders that can do nothing else'),
      headers: z
        .array(
          z
            .string()
            .max(100)
            .regex(/^[A-Za-z0-9-]+$/, 'use the name of a header')
            .refine((name) => !hiddenHeaders.includes(name.toLowerCase()), 'this header is never shown'),
        )
        .max(40)
        .optional()
        .describe('What the skill sees in `input.headers` beside the usual ones'),
      answer: hookAnswerSchema
        .optional()
        .describe('What a delivery is answered with; as its sender wants it when left out'),
      response: z
        .enum(['accepted', 'result'])
        .default('accepted')
        .describe('`result`: the caller waits for the end of the run, a minute at most'),
      dedupeBy: z
        .string()
        .max(500)
        .regex(
          /^(header:[A-Za-z0-9-]+|query:[\w.-]+|form:[^\s].*|(json:)?\/.*)$/,
          'use header:<name>, query:<name>, form:<field>, or a JSON pointer into the body: /data/id',
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
} as const satisfies Record<TriggerType, z.ZodType>;
