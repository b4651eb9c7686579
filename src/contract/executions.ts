/** Executions (rows of the audit log) on the wire. */
import { z } from 'zod';
import { connectionNameSchema, pageQuerySchema, timeSchema } from './common.ts';
import { executionModes, executionStatuses } from './execution-status.ts';
import { markSchema, ratings } from './marks.ts';
import { triggerTypeSchema } from './triggers.ts';

/** Tokens by class, as the Messages API counts them, and what they cost: null when the model's price is not known. */
export const usageSchema = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
  modelCalls: z.number(),
  costUsd: z.number().nullable(),
});
export type Usage = z.infer<typeof usageSchema>;

export const executionStepSchema = z.object({
  id: z.int(),
  status: z.enum(['pending', 'running', 'done', 'failed', 'unknown', 'skipped']),
  attempt: z.int(),
  output: z.string().nullable(),
  usage: usageSchema.nullable(),
  startedAt: timeSchema.nullable(),
  finishedAt: timeSchema.nullable(),
});

const toolCallSchema = z.object({
  id: z.uuid(),
  stepId: z.int().nullable(),
  toolUseId: z.string().nullable(),
  name: z.string().describe('mcp__<connection>__<tool>'),
  readOnly: z.boolean().describe('As its server said of the tool when it was called'),
  arguments: z.unknown(),
  status: z.enum(['intended', 'dispatched', 'done', 'failed', 'denied', 'unknown']),
  result: z.unknown(),
  error: z.string().nullable(),
  answeredBy: z
    .uuid()
    .nullable()
    .describe('In a replay: the recorded call whose result answered it; null: none did, and it was not made'),
  durationMs: z.int().nullable(),
  createdAt: timeSchema,
});

export const executionSummarySchema = z.object({
  id: z.uuid(),
  skillSlug: z.string(),
  skillVersion: z.int(),
  mode: z.enum(executionModes),
  model: z.string().nullable(),
  actor: z.string(),
  trigger: triggerTypeSchema,
  status: z.enum(executionStatuses),
  error: z.string().nullable(),
  errorCode: z.string().nullable(),
  durationMs: z.number().nullable(),
  tokenCount: z.number(),
  costUsd: z.number().nullable().describe('null: unpriced'),
  reportedToCore: z.boolean(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  completedAt: timeSchema.nullable(),
  purgedAt: timeSchema
    .nullable()
    .describe('Its input, output, trace, events and payloads of calls are gone since then'),
});
export type ExecutionSummary = z.infer<typeof executionSummarySchema>;

/** What a list tells beside: enough to know whether a run is worth opening. */
export const listedExecutionSchema = executionSummarySchema.extend({
  headline: z
    .string()
    .nullable()
    .describe('The first line of its output, as plain text of 200 characters at most; null without one'),
  excerpt: z.string().nullable().describe('The beginning of its output as it stands; null unless asked for'),
  unread: z
    .boolean()
    .describe('It started by itself and ended in the last two weeks, and the owner has not read it'),
  mark: markSchema,
});
export type ListedExecution = z.infer<typeof listedExecutionSchema>;

export const executionSchema = executionSummarySchema.extend({
  triggerDetail: z.record(z.string(), z.unknown()),
  retryOf: z.uuid().nullable(),
  replayOf: z.uuid().nullable().describe('Of a replay: the execution whose recorded tool results answer it'),
  input: z.unknown(),
  output: z.string().nullable(),
  usage: usageSchema,
  steps: z.array(executionStepSchema),
  toolCalls: z.array(toolCallSchema),
  trace: z.array(z.unknown()).describe('What was said, message by message; empty where it was not asked for'),
  mark: markSchema,
});
export type Execution = z.infer<typeof executionSchema>;

export const traceQuerySchema = z.object({
  trace: z
    .enum(['whole', 'none'])
    .default('whole')
    .describe('`none` leaves the trace out, which may be many megabytes'),
});
export type TraceQuery = z.infer<typeof traceQuerySchema>;

const dollarsSchema = z.coerce.number().min(0).max(999_999);

/** What executions may be looked for by; times are of their beginning. */
export const executionFilterSchema = z.object({
  status: z.enum(executionStatuses).optional(),
  skill: z.string().optional(),
  trigger: triggerTypeSchema.optional(),
  mode: z.enum(executionModes).optional(),
  from: timeSchema.optional().describe('Created at this time or later'),
  to: timeSchema.optional().describe('Created before this time'),
  since: z
    .string()
    .regex(/^[1-9]\d{0,3}[mhdw]$/, 'write 90m, 36h, 7d or 2w')
    .optional()
    .describe('Created so long ago or less: 90m, 36h, 7d, 2w'),
  minCostUsd: dollarsSchema.optional(),
  maxCostUsd: dollarsSchema.optional(),
  q: z
    .string()
    .max(500)
    .optional()
    .describe(
      'Words of the input, output and error of executions that ended: all of them; "a phrase"; one or other; -without; begin*',
    ),
  model: z.string().max(200).optional(),
  connection: connectionNameSchema.optional().describe('That called a tool of this connection'),
  pinned: z.stringbool().optional().describe('true: those that the owner pinned; false: the others'),
  rating: z.enum(ratings).optional().describe('As the owner rated them'),
  unread: z.stringbool().optional().describe('true: those that are news; false: the others'),
});
export const executionQuerySchema = pageQuerySchema.extend(executionFilterSchema.shape);
export type ExecutionFilter = z.infer<typeof executionFilterSchema>;
export type ExecutionQuery = z.infer<typeof executionQuerySchema>;

export const executionListQuerySchema = executionQuerySchema.extend({
  excerpt: z.coerce
    .number()
    .int()
    .min(0)
    .max(4000)
    .default(0)
    .describe('How many characters of each output to tell'),
});

/** Several executions, as an act on all of them names them. */
export const executionIdsSchema = z
  .object({ ids: z.array(z.uuid()).min(1).max(200).describe('What does not exist is left out') })
  .strict();

/** What the executions that fit a filter come to. */
export const executionTotalsSchema = z.object({
  executions: z.int(),
  failed: z.int(),
  waiting: z.int().describe('Queued, or waiting for a person'),
  running: z.int(),
  unread: z.int(),
  costUsd: z.number().describe('Of what has a known price'),
  unpriced: z.int().describe('Those that ended and whose price is not known'),
  tokens: z.number(),
  durationMs: z.number().describe('All of them together'),
});
export type ExecutionTotals = z.infer<typeof executionTotalsSchema>;

export const purgedExecutionSchema = z.object({
  executionId: z.uuid(),
  purgedAt: timeSchema,
  freedBytes: z.number().describe('As text, before compression; 0 when it was purged before'),
});
export type PurgedExecution = z.infer<typeof purgedExecutionSchema>;

export const runAcceptedSchema = z.object({ executionId: z.uuid() });

export const retryOrigins = ['start', 'failed'] as const;
export const retryVersions = ['original', 'current'] as const;
export const retryExecutionSchema = z
  .object({
    from: z
      .enum(retryOrigins)
      .default('start')
      .describe('`failed`: behind the last step done, whose outputs are carried over'),
    version: z
      .enum(retryVersions)
      .default('original')
      .describe('Of the skill: the one that ran, or the one that it is now'),
  })
  .strict();
export type RetryRequest = z.infer<typeof retryExecutionSchema>;

export const retryExecutionsSchema = executionIdsSchema.extend(retryExecutionSchema.shape).strict();
export const retriedExecutionsSchema = z.object({
  started: z.array(z.object({ id: z.uuid(), executionId: z.uuid() })),
  refused: z
    .array(z.object({ id: z.uuid(), code: z.string(), message: z.string() }))
    .describe('Those that cannot be run again, or were already, and why'),
});
export type RetriedExecutions = z.infer<typeof retriedExecutionsSchema>;

/** A request that may be sent again, as its answer was lost: a second one of the same key is the first one's run. */
export const idempotencySchema = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'use up to 200 letters, digits and signs, without spaces')
    .optional()
    .describe(
      'The same key of the same caller for the same skill is answered with the first one’s run, for as long as that is there; with another body it is refused (422)',
    ),
});

export const runQuerySchema = z.object({
  wait: z.coerce.number().min(0).max(600).default(0).describe('How long to wait for the end, in seconds'),
});
