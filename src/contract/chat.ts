/** Conversations on the wire. Each of the owner's messages starts an execution, whose status and cost are its answer's. */
import { z } from 'zod';
import { attachmentLimits } from './attachment-limits.ts';
import { attachmentInputSchema, attachmentSchema } from './attachments.ts';
import { pageQuerySchema, timeSchema, toolNameSchema } from './common.ts';
import { usageSchema } from './executions.ts';

const messageStatuses = ['queued', 'running', 'waiting_approval', 'done', 'stopped', 'failed'] as const;
export type MessageStatus = (typeof messageStatuses)[number];

const chatToolCallSchema = z.object({
  id: z.uuid(),
  name: z.string().describe('mcp__<connection>__<tool>; mcp__alfred__<tool> is chat’s own'),
  status: z.enum(['intended', 'dispatched', 'done', 'failed', 'denied', 'unknown']),
  readOnly: z.boolean().optional(),
  arguments: z.unknown().optional(),
  preview: z.string().nullish().describe('The start of the result, one line'),
  error: z.string().nullish(),
  durationMs: z.number().nullish(),
  executionId: z.uuid().nullish().describe('The run that the call started: of mcp__alfred__run_skill'),
  proposalId: z.uuid().nullish().describe('What the call proposed: of mcp__alfred__propose_skill'),
});
export type ChatToolCall = z.infer<typeof chatToolCallSchema>;

const chatApprovalSchema = z.object({
  id: z.uuid().describe('Decide with POST /api/v1/approvals/:id'),
  name: z.string(),
  arguments: z.unknown(),
  argumentsHash: z.string(),
  status: z.enum(['pending', 'approved', 'denied', 'expired', 'cancelled']),
  decidedBy: z.string().nullable(),
  note: z.string().nullable(),
  expiresAt: timeSchema,
});
export type ChatApproval = z.infer<typeof chatApprovalSchema>;

/** An answer in the order in which it came. */
const messagePartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool_call'), call: chatToolCallSchema }),
]);
export type MessagePart = z.infer<typeof messagePartSchema>;

export const messageSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  parentId: z.uuid().nullable().describe('What it follows; several that follow one message are branches'),
  turn: z.int().describe('The same for a message and its answer; they run in this order'),
  role: z.enum(['user', 'assistant']),
  text: z.string().describe('Of an answer: its deltas so far, joined'),
  parts: z.array(messagePartSchema).describe('Of an answer: its text with the tool calls between'),
  attachments: z.array(attachmentSchema),
  approvals: z.array(chatApprovalSchema).describe('Of an answer: the calls that a person was asked for'),
  executionId: z.uuid(),
  status: z.enum(messageStatuses),
  mode: z.enum(['live', 'rehearsal', 'replay']),
  model: z.string().nullable(),
  error: z.string().nullable(),
  errorCode: z.string().nullable(),
  costUsd: z.number().nullable().describe('Of an answer; null: unpriced, or not ended yet'),
  durationMs: z.number().nullable(),
  createdAt: timeSchema,
  purged: z.boolean().describe('Its content was dropped'),
});
export type Message = z.infer<typeof messageSchema>;

const conversationSummarySchema = z.object({
  id: z.uuid(),
  untilId: z
    .uuid()
    .describe('The last answer of which it tells: what follows that is sent to the model as it is'),
  executionId: z.uuid().describe('The turn that began with it'),
  text: z.string().describe('What the model is told; empty once a message of which it tells was purged'),
  messages: z.int().describe('How many messages it stands for'),
  costUsd: z.number().nullable().describe('Part of what that turn cost; null: unpriced'),
  createdAt: timeSchema,
});
export type ConversationSummary = z.infer<typeof conversationSummarySchema>;

const modelSchema = z.string().regex(/^[\w.:@/-]{1,200}$/, 'use the name of a model');
const effortSchema = z.enum(['low', 'medium', 'high', 'xhigh', 'max']);
const toolsSchema = z.array(toolNameSchema).max(500);
const titleSchema = z.string().trim().min(1).max(200);

export const conversationSchema = z.object({
  id: z.uuid(),
  title: z.string().describe('Of the first message, until somebody gives it one; empty before'),
  tools: z.array(z.string()).describe('What it may use unasked: read-only tools, and those in `unasked`'),
  asks: z.array(z.string()).describe('What it may use when a person approves the call'),
  hasOwnTools: z.boolean().describe('false: everything of ready connections, as they are when a turn begins'),
  unasked: z
    .array(z.string())
    .describe('Not read-only, and used without asking all the same: the owner said so'),
  model: z.string().nullable().describe("null: the VM's own"),
  effort: effortSchema.nullable(),
  headId: z.uuid().nullable().describe('The last message of the branch that is shown'),
  costUsd: z.number().nullable().describe('null: an answer is unpriced'),
  status: z.enum(['idle', 'queued', 'running', 'waiting_approval']),
  archivedAt: timeSchema.nullable(),
  createdAt: timeSchema,
  updatedAt: timeSchema.describe('The last activity'),
});
export type Conversation = z.infer<typeof conversationSchema>;

export const wholeConversationSchema = conversationSchema.extend({
  messages: z.array(messageSchema).describe('All branches, oldest first'),
  summaries: z
    .array(conversationSummarySchema)
    .describe('What the model is sent in the place of earlier messages, oldest first'),
  lastEventId: z
    .string()
    .describe(
      'As of these messages: following from behind it (`Last-Event-ID`, or `?after=`) misses nothing',
    ),
});
export type WholeConversation = z.infer<typeof wholeConversationSchema>;

export const newConversationSchema = z
  .object({
    title: titleSchema.optional(),
    tools: toolsSchema.optional().describe('Left out: everything of ready connections'),
    unasked: toolsSchema.optional(),
    model: modelSchema.nullish(),
    effort: effortSchema.nullish(),
  })
  .strict();
export type NewConversation = z.infer<typeof newConversationSchema>;

export const conversationPatchSchema = z
  .object({
    title: titleSchema.optional(),
    tools: toolsSchema.nullish().describe('null: everything of ready connections again'),
    unasked: toolsSchema.nullish(),
    model: modelSchema.nullish(),
    effort: effortSchema.nullish(),
    archived: z.boolean().optional(),
    headId: z.uuid().optional().describe('Another branch: its last message'),
  })
  .strict();
export type ConversationPatch = z.infer<typeof conversationPatchSchema>;

export const conversationQuerySchema = pageQuerySchema.extend({
  q: z.string().max(500).optional().describe('Words of its title and messages'),
  archived: z.stringbool().default(false).describe('The archived ones, in place of the others'),
});
export type ConversationQuery = z.infer<typeof conversationQuerySchema>;

export const newMessageSchema = z
  .object({
    text: z.string().max(100_000).default(''),
    attachments: z.array(attachmentInputSchema).max(attachmentLimits.count).optional(),
    attachmentIds: z
      .array(z.uuid())
      .max(attachmentLimits.count)
      .optional()
      .describe('Attachments of messages before that go with this one too: of one that is edited, say'),
    clientId: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Made by the sender; sent again it is the same message, and nothing is sent twice'),
    parentId: z
      .uuid()
      .nullish()
      .describe(
        'What it follows, to make a branch: null for the beginning; the present branch when left out',
      ),
    retryOf: z.uuid().optional().describe('An answer to be tried again, in place of a text'),
  })
  .strict()
  .refine(
    ({ text, attachments = [], attachmentIds = [], retryOf }) =>
      retryOf === undefined
        ? text.trim() !== '' || attachments.length + attachmentIds.length > 0
        : text === '' && attachments.length + attachmentIds.length === 0,
    { path: ['text'], message: 'say something, attach something, or name an answer in retryOf' },
  );
export type NewMessage = z.infer<typeof newMessageSchema>;

export const sentMessageSchema = z.object({
  messageId: z.uuid().describe("The owner's own"),
  answerId: z.uuid(),
  executionId: z.uuid(),
});
export type SentMessage = z.infer<typeof sentMessageSchema>;

export const stoppedSchema = z.object({
  executionId: z.uuid().nullable().describe('null: nothing was under way'),
});

/** `data` of each event of a conversation's stream, by its name. Its `id` is where the stream goes on behind it. */
export const chatEventSchemas = {
  /** A message as it is now: new ones, and those that were queued, taken back or have ended. Put it in the place of the one before. */
  message: messageSchema.extend({ takenBack: z.boolean().optional() }),
  /** More of an answer. The deltas of a message joined are its text. */
  delta: z.object({ messageId: z.uuid(), text: z.string() }),
  /** A call of an answer, each time that its status changes; fields that are left out stay as they were. */
  tool_call: chatToolCallSchema.extend({ messageId: z.uuid() }),
  /** The calls that wait for a person now; each once it is decided. */
  approval: chatApprovalSchema.extend({ messageId: z.uuid() }),
  /** Earlier messages are being summed up, so that an answer can be given; then once more, with what they came to. */
  summary: z.object({
    messageId: z.uuid(),
    messages: z.int(),
    summary: conversationSummarySchema.nullable(),
  }),
  /** What an answer has come to so far. */
  usage: usageSchema.extend({ messageId: z.uuid() }),
  status: z.object({
    messageId: z.uuid(),
    status: z.enum(messageStatuses),
    error: z.string().nullish(),
    errorCode: z.string().nullish(),
  }),
} as const;

export type ChatEvent = {
  [Name in keyof typeof chatEventSchemas]: {
    id: string;
    event: Name;
    data: z.infer<(typeof chatEventSchemas)[Name]>;
  };
}[keyof typeof chatEventSchemas];
