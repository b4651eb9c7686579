import { Readable } from 'node:stream';
import { recordAudit } from '../../audit/record-audit.ts';
import { retryTurn } from '../../chat/retry-turn.ts';
import { operations } from '../../contract/operations.ts';
import { addResults } from '../../executions/add-results.ts';
import { cancelExecution } from '../../executions/cancel-execution.ts';
import { endSeqOf } from '../../executions/end-seq.ts';
import { executionText } from '../../executions/execution-text.ts';
import { exportExecutions } from '../../executions/export-executions.ts';
import { followEvents } from '../../executions/follow-events.ts';
import { getExecution } from '../../executions/get-execution.ts';
import { getState } from '../../executions/get-state.ts';
import { listExecutions } from '../../executions/list-executions.ts';
import { markExecution } from '../../executions/mark-execution.ts';
import { purgeExecution } from '../../executions/purge-execution.ts';
import { readExecutions, unreadExecutions } from '../../executions/read-executions.ts';
import { readTotals } from '../../executions/read-totals.ts';
import { retryExecution } from '../../executions/retry-execution.ts';
import { startOnce } from '../../executions/start-once.ts';
import { waitForEnd } from '../../executions/wait-for-end.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { lastingAccess } from '../access/lasting-access.ts';
import { may } from '../access/policy.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { sendEvents } from '../event-stream.ts';
import { executionFrames } from '../execution-frames.ts';
import { goneSignal } from '../gone-signal.ts';

function runRoute(app: App, deps: ServerDeps): void {
  route(app, operations.runSkill, async (request, reply) => {
    const caller = callerOf(request);
    const { slug } = request.params;
    const { executionId } = await startOnce(deps, request.headers['idempotency-key'], {
      ...request.body,
      skill: slug,
      trigger: caller.kind === 'core' ? 'chat' : 'manual',
      actor: caller.actor,
    });
    request.log.info({ executionId, skill: slug }, 'a run was asked for');
    reply.header('location', `/api/v1/executions/${executionId}`);
    const maySee = may(caller, 'see what a run did');
    // A token of Core that may start, and no more, is not told how it ended either.
    const wait = caller.kind === 'core' && !maySee ? 0 : request.query.wait;
    if (wait > 0 && (await waitForEnd(deps, executionId, wait * 1000, goneSignal(app, reply)))) {
      return reply
        .code(200)
        .send(await (maySee ? getExecution(deps, executionId) : getState(deps, executionId)));
    }
    return reply.code(202).send({ executionId });
  });
}

export function executionRoutes(app: App, deps: ServerDeps): void {
  runRoute(app, deps);

  route(app, operations.listExecutions, async (request) => {
    const { excerpt, ...query } = request.query;
    const { items, nextCursor } = await listExecutions(deps, query);
    return { items: await addResults(deps, items, excerpt), nextCursor };
  });

  route(app, operations.readExecutions, async (request, reply) => {
    await readExecutions(deps, request.body.ids);
    return reply.code(204).send(undefined);
  });
  route(app, operations.unreadExecutions, async (request, reply) => {
    await unreadExecutions(deps, request.body.ids);
    return reply.code(204).send(undefined);
  });
  route(app, operations.markExecution, async (request) =>
    markExecution(deps, request.params.id, request.body),
  );
  route(app, operations.readExecutionTotals, async (request) => readTotals(deps, request.query));

  route(
    app,
    operations.exportExecutions,
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
    // It is on record: whoever only asks whether it can be had has taken nothing out.
    { exposeHeadRoute: false },
  );

  route(app, operations.getExecution, async (request, reply) => {
    const { id } = request.params;
    if (request.query.trace === 'none') return getExecution(deps, id, request.query);
    const text = await executionText(deps, id);
    return reply
      .type('application/json; charset=utf-8')
      .serializer(() => text)
      .send(text as never);
  });

  route(app, operations.followExecution, async (request, reply) => {
    const signal = goneSignal(app, reply);
    const after = lastEventId(request.headers['last-event-id']);
    const { id } = request.params;
    // A browser opens a stream that was closed again; with 204 (the HTML standard, section 9.2.3) it stops.
    const end = await endSeqOf(deps, id);
    if (end !== undefined && end <= after) return reply.code(204).send(undefined);
    const events = await followEvents(deps, id, { after, signal });
    return sendEvents(reply, executionFrames(events, deps.vault.redactor), {
      signal,
      ...lastingAccess(deps, request),
    });
  });

  route(app, operations.purgeExecution, async (request) =>
    purgeExecution(deps, request.params.id, callerOf(request).actor),
  );

  route(app, operations.cancelExecution, async (request, reply) => {
    const { id } = request.params;
    await cancelExecution(deps, id, callerOf(request).actor);
    return reply.code(202).send({ executionId: id });
  });

  route(app, operations.retryExecution, async (request, reply) => {
    const { actor } = callerOf(request);
    const { id } = request.params;
    const { executionId } =
      (await retryTurn(deps, id, actor)) ?? (await retryExecution(deps, id, { ...request.body, actor }));
    reply.header('location', `/api/v1/executions/${executionId}`);
    return reply.code(202).send({ executionId });
  });
}

async function* ndjson(documents: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const document of documents) yield `${JSON.stringify(document)}\n`;
}

/** What a browser sends back is what it was sent; anything else begins at the beginning. */
const lastEventId = (header: string | undefined): number =>
  header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : 0;
