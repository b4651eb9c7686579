import { z } from 'zod';
import { cancelledRunsSchema } from '../budget.ts';
import { pageOf, slugSchema } from '../common.ts';
import { executionStateSchema } from '../core.ts';
import {
  executionFilterSchema,
  executionIdsSchema,
  executionListQuerySchema,
  executionSchema,
  executionTotalsSchema,
  idempotencySchema,
  listedExecutionSchema,
  purgedExecutionSchema,
  retriedExecutionsSchema,
  retryExecutionSchema,
  retryExecutionsSchema,
  runAcceptedSchema,
  runQuerySchema,
  traceQuerySchema,
} from '../executions.ts';
import { changeMarkSchema, markSchema } from '../marks.ts';
import { newsQuerySchema } from '../news.ts';
import { operation } from '../operation.ts';
import { comparisonSchema, replayExecutionSchema } from '../replay.ts';
import { filterNameSchema, savedFilterSchema, saveFilterSchema } from '../saved-filters.ts';
import { runSkillSchema } from '../skills.ts';
import { statsQuerySchema, statsSchema } from '../stats.ts';

const params = z.object({ id: z.guid() });

export const executionsOperations = {
  runSkill: operation('POST /api/v1/skills/:slug/run', {
    access: 'run',
    core: 'start',
    summary: 'Run a skill',
    description:
      'With `?wait=` the answer is the finished execution (200), or after so many seconds its id (202). Without the scope `read` it is how the execution ended, and nothing of its content.',
    tags: ['skills'],
    params: z.object({ slug: slugSchema }),
    query: runQuerySchema,
    headers: idempotencySchema,
    body: runSkillSchema.default({ input: {}, mode: 'live' }),
    answerHeaders: ['location'],
    responses: { 200: z.union([executionSchema, executionStateSchema]), 202: runAcceptedSchema },
  }),
  listExecutions: operation('GET /api/v1/executions', {
    access: 'read',
    summary: 'List executions, the newest first',
    tags: ['executions'],
    query: executionListQuerySchema,
    responses: { 200: pageOf(listedExecutionSchema) },
  }),
  readExecutions: operation('POST /api/v1/executions/read', {
    // What the owner has read, thinks of it and looks for is the owner's own word.
    access: 'every-scope',
    summary: 'Say that results were read',
    description: 'For the owner, on every device. `unread` of the list goes by it.',
    tags: ['executions'],
    body: executionIdsSchema,
    responses: { 204: z.undefined() },
  }),
  unreadExecutions: operation('POST /api/v1/executions/unread', {
    access: 'every-scope',
    summary: 'Take back that results were read',
    tags: ['executions'],
    body: executionIdsSchema,
    responses: { 204: z.undefined() },
  }),
  markExecution: operation('PATCH /api/v1/executions/:id/mark', {
    access: 'every-scope',
    summary: 'Pin, rate or comment what came of an execution',
    description: 'It stands beside the record, and changes nothing of it. What is left out stays as it is.',
    tags: ['executions'],
    params,
    body: changeMarkSchema,
    responses: { 200: markSchema },
  }),
  readExecutionTotals: operation('GET /api/v1/executions/totals', {
    access: 'read',
    summary: 'What the executions that fit a filter come to',
    description: 'The filter is that of the list.',
    tags: ['executions'],
    query: executionFilterSchema,
    responses: { 200: executionTotalsSchema },
  }),
  cancelExecutions: operation('POST /api/v1/executions/cancel', {
    access: 'run',
    records: ['execution.cancel_requested'],
    summary: 'Cancel several executions',
    description: 'Those that have ended already are passed over.',
    tags: ['executions'],
    body: executionIdsSchema,
    responses: { 200: cancelledRunsSchema },
  }),
  retryExecutions: operation('POST /api/v1/executions/retry', {
    access: 'run',
    summary: 'Run several executions again that have ended, the oldest first',
    description: 'Each once: one that was run again already is refused, and the others go on.',
    tags: ['executions'],
    body: retryExecutionsSchema,
    responses: { 200: retriedExecutionsSchema },
  }),
  listSavedFilters: operation('GET /api/v1/filters', {
    access: 'read',
    summary: 'List saved filters of executions',
    tags: ['executions'],
    responses: { 200: z.object({ items: z.array(savedFilterSchema) }) },
  }),
  saveFilter: operation('PUT /api/v1/filters/:name', {
    access: 'every-scope',
    summary: 'Save a filter of executions, or another in its place',
    tags: ['executions'],
    params: z.object({ name: filterNameSchema }),
    body: saveFilterSchema,
    responses: { 200: savedFilterSchema },
  }),
  removeSavedFilter: operation('DELETE /api/v1/filters/:name', {
    access: 'every-scope',
    summary: 'Forget a saved filter',
    tags: ['executions'],
    params: z.object({ name: z.string() }),
    responses: { 204: z.undefined() },
  }),
  exportExecutions: operation('GET /api/v1/executions/export', {
    access: 'read',
    records: ['executions.exported'],
    summary: 'Take executions out: one JSON document a line, whole',
    description: 'As `GET /api/v1/executions/:id` has them, newest first, redacted as they are stored.',
    tags: ['executions'],
    query: executionFilterSchema,
    responses: { 200: { content: { 'application/x-ndjson': { schema: z.string() } } } },
  }),
  getExecution: operation('GET /api/v1/executions/:id', {
    access: 'read',
    summary: 'Show an execution, whole: steps, tool calls and trace',
    tags: ['executions'],
    params,
    query: traceQuerySchema,
    responses: { 200: executionSchema },
  }),
  followExecution: operation('GET /api/v1/executions/:id/events', {
    access: 'read',
    summary: 'Follow an execution',
    description:
      'Server-sent events: `id` is the seq, `event` one of `status` `step` `message` `tool_call` `usage` `end`, `data` JSON with `at` and `step` beside what the kind carries. Replays from behind `Last-Event-ID`, then follows, and closes after `end`; 204 when that was received already.',
    tags: ['executions'],
    params,
    headers: z.looseObject({
      'last-event-id': z
        .string()
        .optional()
        .describe('The last event that was received; those behind it are sent'),
    }),
    responses: {
      200: { content: { 'text/event-stream': { schema: z.string() } } },
      204: z.undefined().describe('Nothing comes behind that event: it was the end'),
    },
  }),
  purgeExecution: operation('DELETE /api/v1/executions/:id/payload', {
    // Gone for good.
    access: 'admin',
    records: ['execution.purged'],
    summary: 'Purge an execution that has ended',
    description:
      'Its input, output, trace, events, and the payloads of its steps and tool calls are dropped for good. The row, its hashes and its metrics stay, and the purge is on record.',
    tags: ['executions'],
    params,
    responses: { 200: purgedExecutionSchema },
  }),
  cancelExecution: operation('POST /api/v1/executions/:id/cancel', {
    access: 'run',
    records: ['execution.cancel_requested'],
    summary: 'Cancel an execution that has not ended',
    description: 'What runs is stopped; the execution ends as `cancelled` a moment later.',
    tags: ['executions'],
    params,
    responses: { 202: runAcceptedSchema },
  }),
  replayExecution: operation('POST /api/v1/executions/:id/replay', {
    access: 'run',
    summary: 'Replay an execution that has ended',
    description:
      'A new execution of mode `replay` with the same input, which names this one in `replayOf`: another version of the skill, a draft, or another model, answered by what the tools said then. Nothing is called and nobody is told; the model alone is asked, within all caps. A call that has no recorded answer left is not made, and the model is told so. A draft needs the scope `write` besides. 409 `E_NOT_REPLAYABLE` says why one cannot be replayed.',
    tags: ['executions'],
    params,
    body: replayExecutionSchema.default({}),
    answerHeaders: ['location'],
    responses: { 202: runAcceptedSchema },
  }),
  compareReplay: operation('GET /api/v1/executions/:id/comparison', {
    access: 'read',
    summary: 'Compare a replay with the execution that it replays',
    description:
      'Step by step and turn by turn, with what differs; while the replay goes on, as far as it has come. 409 `E_NOT_REPLAYABLE` for an execution that is no replay.',
    tags: ['executions'],
    params,
    responses: { 200: comparisonSchema },
  }),
  retryExecution: operation('POST /api/v1/executions/:id/retry', {
    access: 'run',
    summary: 'Run an execution again that has ended',
    description:
      'A new execution with the same input, which names this one in `retryOf`. With `from: "failed"` the outputs of the steps that were done are carried over; with `version: "current"` the skill runs as it is now. A turn of a conversation is answered again there, as another branch. 409 `E_NOT_RETRYABLE` says why one cannot be retried.',
    tags: ['executions'],
    params,
    body: retryExecutionSchema.default({ from: 'start', version: 'original' }),
    answerHeaders: ['location'],
    responses: { 202: runAcceptedSchema },
  }),
  followNews: operation('GET /api/v1/events', {
    access: 'read',
    summary: 'Follow many things in one stream',
    description:
      'Server-sent events, for browsers, which allow six connections to a host. `executions`: which came into being or changed their status. `approvals`: what waits for a person, first as it is. `skills`: which were saved. `execution`: the events of those that are followed, from the first on, each with `executionId`, `seq` and `kind`; the `id` says how far each was read, and sent back as `Last-Event-ID` the stream goes on behind it.',
    tags: ['executions'],
    query: newsQuerySchema,
    headers: z.looseObject({ 'last-event-id': z.string().optional() }),
    responses: { 200: { content: { 'text/event-stream': { schema: z.string() } } } },
  }),
  readStats: operation('GET /api/v1/stats', {
    access: 'read',
    summary: 'What executions came to, by day, skill, model and connection',
    tags: ['executions'],
    query: statsQuerySchema,
    responses: { 200: statsSchema },
  }),
};
