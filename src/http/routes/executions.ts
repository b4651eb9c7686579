import { Readable } from 'node:stream';
import { z } from 'zod';
import { recordAudit } from '../../audit/record-audit.ts';
import { pageOf, slugSchema } from '../../contract/common.ts';
import {
  executionQuerySchema,
  executionSchema,
  executionSummarySchema,
  exportQuerySchema,
  purgedExecutionSchema,
  retryExecutionSchema,
  runAcceptedSchema,
  runQuerySchema,
} from '../../contract/executions.ts';
import { runSkillSchema } from '../../contract/skills.ts';
import { cancelExecution } from '../../executions/cancel-execution.ts';
import { endSeqOf } from '../../executions/end-seq.ts';
import { exportExecutions } from '../../executions/export-executions.ts';
import { followEvents } from '../../executions/follow-events.ts';
import { getExecution } from '../../executions/get-execution.ts';
import { listExecutions } from '../../executions/list-executions.ts';
import { purgeExecution } from '../../executions/purge-execution.ts';
import { retryExecution } from '../../executions/retry-execution.ts';
import { startExecution } from '../../executions/start-execution.ts';
import { waitForEnd } from '../../executions/wait-for-end.ts';
import { authorize } from '../access/authorize.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { sendEvents } from '../event-stream.ts';
import { executionFrames } from '../execution-frames.ts';
import { goneSignal } from '../gone-signal.ts';

const tags = ['executions'];
const params = z.object({ id: z.guid() });

export function executionRoutes(app: App, deps: ServerDeps): void {
  app.post(
    '/api/v1/skills/:slug/run',
    {
      schema: {
        summary: 'Run a skill',
        description:
          'With `?wait=` the answer is the finished execution (200), or after so many seconds its id (202).',
        tags: ['skills'],
        params: z.object({ slug: slugSchema }),
        querystring: runQuerySchema,
        body: runSkillSchema.default({ input: {}, mode: 'live' }),
        response: { 200: executionSchema, 202: runAcceptedSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { executionId } = await startExecution(deps, {
        ...request.body,
        skill: request.params.slug,
        trigger: caller.kind === 'core' ? 'chat' : 'manual',
        actor: caller.actor,
      });
      request.log.info({ executionId, skill: request.params.slug }, 'a run was asked for');
      reply.header('location', `/api/v1/executions/${executionId}`);
      // The whole execution is content, which a token of Core may start and not read.
      const wait = caller.kind === 'core' && !caller.scopes.has('read') ? 0 : request.query.wait;
      if (wait > 0 && (await waitForEnd(deps, executionId, wait * 1000, goneSignal(app, reply)))) {
        return reply.code(200).send(await getExecution(deps, executionId));
      }
      return reply.code(202).send({ executionId });
    },
  );

  app.get(
    '/api/v1/executions',
    {
      schema: {
        summary: 'List executions, the newest first',
        tags,
        querystring: executionQuerySchema,
        response: { 200: pageOf(executionSummarySchema) },
      },
    },
    async (request) => listExecutions(deps, request.query),
  );

  app.get(
    '/api/v1/executions/export',
    {
      schema: {
        summary: 'Take executions out: one JSON document a line, whole',
        description: 'As `GET /api/v1/executions/:id` has them, newest first, redacted as they are stored.',
        tags,
        querystring: exportQuerySchema,
        response: { 200: { content: { 'application/x-ndjson': { schema: z.string() } } } },
      },
    },
    async (request, reply) => {
      await recordAudit(deps.db.prisma, {
        action: 'executions.exported',
        actor: callerOf(request).actor,
        data: { filters: Object.keys(request.query) },
      });
      const lines = Readable.from(ndjson(exportExecutions(deps, request.query)));
      lines.on('error', (err) => request.log.error({ err }, 'an export broke off'));
      return reply.type('application/x-ndjson; charset=utf-8').send(lines as never);
    },
  );

  app.get(
    '/api/v1/executions/:id',
    {
      schema: {
        summary: 'Show an execution, whole: steps, tool calls and trace',
        tags,
        params,
        response: { 200: executionSchema },
      },
    },
    async (request) => getExecution(deps, request.params.id),
  );

  app.get(
    '/api/v1/executions/:id/events',
    {
      schema: {
        summary: 'Follow an execution',
        description:
          'Server-sent events: `id` is the seq, `event` one of `status` `step` `message` `tool_call` `usage` `end`, `data` JSON with `at` and `step` beside what the kind carries. Replays from behind `Last-Event-ID`, then follows, and closes after `end`; 204 when that was received already.',
        tags,
        params,
        headers: z.looseObject({
          'last-event-id': z
            .string()
            .optional()
            .describe('The last event that was received; those behind it are sent'),
        }),
        response: {
          200: { content: { 'text/event-stream': { schema: z.string() } } },
          204: z.undefined().describe('Nothing comes behind that event: it was the end'),
        },
      },
    },
    async (request, reply) => {
      const signal = goneSignal(app, reply);
      const after = lastEventId(request.headers['last-event-id']);
      const { id } = request.params;
      // A browser opens a stream that was closed again; with 204 (the HTML standard, section 9.2.3) it stops.
      const end = await endSeqOf(deps, id);
      if (end !== undefined && end <= after) return reply.code(204).send();
      const events = await followEvents(deps, id, { after, signal });
      return sendEvents(reply, executionFrames(events, deps.vault.redactor), {
        signal,
        authorize: () => authorize(deps.db, request),
      });
    },
  );

  app.delete(
    '/api/v1/executions/:id/payload',
    {
      schema: {
        summary: 'Purge an execution that has ended',
        description:
          'Its input, output, trace, events, and the payloads of its steps and tool calls are dropped for good. The row, its hashes and its metrics stay, and the purge is on record.',
        tags,
        params,
        response: { 200: purgedExecutionSchema },
      },
    },
    async (request) => purgeExecution(deps, request.params.id, callerOf(request).actor),
  );

  app.post(
    '/api/v1/executions/:id/cancel',
    {
      schema: {
        summary: 'Cancel an execution that has not ended',
        description: 'What runs is stopped; the execution ends as `cancelled` a moment later.',
        tags,
        params,
        response: { 202: runAcceptedSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await cancelExecution(deps, id, callerOf(request).actor);
      return reply.code(202).send({ executionId: id });
    },
  );

  app.post(
    '/api/v1/executions/:id/retry',
    {
      schema: {
        summary: 'Run an execution again that has ended',
        description:
          'A new execution with the same input, which names this one in `retryOf`. With `from: "failed"` the outputs of the steps that were done are carried over; with `version: "current"` the skill runs as it is now. 409 `E_NOT_RETRYABLE` says why one cannot be retried.',
        tags,
        params,
        body: retryExecutionSchema.default({ from: 'start', version: 'original' }),
        response: { 202: runAcceptedSchema },
      },
    },
    async (request, reply) => {
      const { actor } = callerOf(request);
      const { executionId } = await retryExecution(deps, request.params.id, { ...request.body, actor });
      reply.header('location', `/api/v1/executions/${executionId}`);
      return reply.code(202).send({ executionId });
    },
  );
}

async function* ndjson(documents: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const document of documents) yield `${JSON.stringify(document)}\n`;
}

/** What a browser sends back is what it was sent; anything else begins at the beginning. */
const lastEventId = (header: string | undefined): number =>
  header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : 0;
