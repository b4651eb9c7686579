/** Channels of notices on the wire. */
import { z } from 'zod';
import {
  type ChannelKind,
  channelKindNames,
  contentLevelNames,
  kindFacts,
  noticeEventNames,
  usualEvents,
} from './channel-kinds.ts';
import { sealedMarkerSchema, slugSchema, timeSchema } from './common.ts';

export const channelNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    'use a lower-case letter, then up to 39 lower-case letters, digits or hyphens',
  );

const hourSchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'use a time of the day such as 22:00');

const quietSchema = z
  .object({ from: hourSchema, to: hourSchema })
  .strict()
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'is when they begin' })
  .describe('Hours of the owner’s zone in which nothing is sent: what comes in them is sent at their end');

/** What a channel is told of, when, and how much of it. */
export const channelRulesSchema = z
  .object({
    events: z.array(z.enum(noticeEventNames)).max(20).describe('What it is told of'),
    skills: z
      .array(slugSchema)
      .min(1)
      .max(200)
      .nullable()
      .describe('Of runs: those of these skills alone; null: of all'),
    content: z.enum(contentLevelNames).describe('How much of what happened leaves the machine'),
    links: z
      .boolean()
      .describe('Whether a call that waits comes with a link by which it is approved or refused'),
    quiet: quietSchema.nullable(),
    urgent: z.boolean().describe('Calls that wait are told of at once, quiet hours or not'),
    digestAt: hourSchema
      .nullable()
      .describe('When, each day in the owner’s zone, it is told what came of the last 24 hours'),
  })
  .strict();
export type ChannelRules = z.infer<typeof channelRulesSchema>;

/** What holds where a channel's owner said nothing. */
export const usualRules = (kind: ChannelKind): ChannelRules => ({
  events: usualEvents,
  skills: null,
  content: 'headline',
  // Whoever else reads along could decide.
  links: kindFacts(kind).isShared !== true,
  quiet: null,
  urgent: false,
  digestAt: null,
});

const rulesInputSchema = channelRulesSchema.partial();

const configInputSchema = z
  .record(z.string().max(40), z.union([z.string().max(4096), z.boolean(), sealedMarkerSchema, z.null()]))
  .describe(
    'By the fields of its kind (docs/operations.md, Notices). A secret is sealed; left out, it is kept',
  );

export const channelInputSchema = z
  .object({
    name: channelNameSchema,
    kind: z.enum(channelKindNames),
    config: configInputSchema.default({}),
    rules: rulesInputSchema.default({}),
    isActive: z.boolean().default(true),
  })
  .strict();
export type ChannelInput = z.output<typeof channelInputSchema>;

export const channelPatchSchema = z
  .object({
    name: channelNameSchema.optional(),
    config: configInputSchema.optional(),
    rules: rulesInputSchema.optional(),
    isActive: z.boolean().optional(),
  })
  .strict();
export type ChannelPatch = z.output<typeof channelPatchSchema>;

export const channelSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(channelKindNames),
  place: z.string().describe('Where notices go, for people'),
  config: z.record(z.string(), z.union([z.string(), z.boolean(), sealedMarkerSchema])),
  rules: channelRulesSchema,
  isActive: z.boolean(),
  lastDeliveredAt: timeSchema.nullable(),
  waiting: z.int().describe('Notices that are not delivered yet'),
  oldestAt: timeSchema.nullable().describe('When the oldest of these happened'),
  givenUp: z.int().describe('Of the last two weeks'),
  failures: z.int().describe('How often it failed since it last took one'),
  failingSince: timeSchema.nullable(),
  retryAt: timeSchema.nullable().describe('When it is tried again'),
  lastError: z.string().nullable(),
  createdAt: timeSchema,
  warnings: z.array(z.string()).optional(),
});
export type Channel = z.infer<typeof channelSchema>;

export const pushKeySchema = z.object({
  publicKey: z
    .string()
    .describe(
      'The VAPID key that a browser subscribes with (`applicationServerKey`): a point of P-256, base64url',
    ),
});

export const channelTestSchema = z.object({
  isDelivered: z.boolean(),
  answer: z.string().describe('What the other side said, redacted'),
});
export type ChannelTest = z.infer<typeof channelTestSchema>;

/** How notices stand in all: what there was to read before there were channels, and is kept. */
export const noticesSchema = z.object({
  origin: z
    .string()
    .nullable()
    .describe('Where the channel that takes nothing leads, or the first; null: nothing is told'),
  waiting: z.int().describe('Notices that are not delivered yet'),
  attempts: z.int().describe('How often the channel that failed most has failed since it last took one'),
  oldestAt: timeSchema.nullable().describe('Of the oldest of these'),
  givenUp: z.int().describe('Of the last two weeks'),
  lastError: z.string().nullable(),
});
export type Notices = z.infer<typeof noticesSchema>;
