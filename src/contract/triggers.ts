/** What starts a skill by itself, and what is set of each. */
import { z } from 'zod';
import { sealedMarkerSchema, timeSchema } from './common.ts';
import { type SenderName, senderNames } from './senders/senders.ts';
import { hookAnswerSchema, webhookSchemeSchema } from './webhook-scheme.ts';

type TriggerFacts = {
  /** How a run began. */
  words: string;
  icon: string;
  /** Its name among the choices of the console's form, and what is said there of it. */
  choice: string;
  about: string;
  /** When it starts a skill, to whoever is about to accept one; chat/proposals/reach.ts says it of those whose config says more. */
  when: string;
  /** On a skill's page: what starts it, where words say all. */
  starts?: string;
  /** Of its runs' jobs, the higher first: a waiting person goes before a schedule. */
  priority: number;
  /** When what the model's side may get over is tried again, in seconds: somebody who waits is told soon. */
  retryDelays: readonly number[];
};

/** The types of triggers, each once; what their config holds stands below, and `prisma/schema.prisma` has their names. */
export const triggers = {
  manual: {
    words: 'by hand',
    icon: 'Hand',
    choice: 'by hand',
    about: 'Whoever may run it can always do so; nothing else starts it.',
    when: 'When you start it',
    starts: 'By hand: here, from the command line, or by the API.',
    priority: 10,
    retryDelays: [2, 10],
  },
  schedule: {
    words: 'by a schedule',
    icon: 'CalendarClock',
    choice: 'a schedule',
    about: 'Alfred starts it by itself, also while nobody looks.',
    when: 'By its schedule',
    priority: 0,
    retryDelays: [10, 60, 300],
  },
  webhook: {
    words: 'by a webhook',
    icon: 'Webhook',
    choice: 'a webhook',
    about: 'Another program calls an address of this VM. What it sends is the input.',
    when: 'Whenever its webhook is called',
    priority: 5,
    retryDelays: [10, 60, 300],
  },
  chat: {
    words: 'by conversation',
    icon: 'MessageCircle',
    choice: 'a conversation',
    about: 'A conversation, or a client that is connected to Alfred, may ask for it.',
    when: 'When you ask for it in a conversation',
    starts: 'From a conversation, or by hand.',
    priority: 10,
    retryDelays: [2, 10],
  },
} as const satisfies Record<string, TriggerFacts>;

export type TriggerType = keyof typeof triggers;
export const triggerTypes = Object.keys(triggers) as TriggerType[];
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
