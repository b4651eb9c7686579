import { operations } from '../../contract/operations.ts';
import { compareReplay } from '../../executions/compare-replay.ts';
import { replayExecution } from '../../executions/replay-execution.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { may } from '../access/policy.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function replayRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.replayExecution, async (request, reply) => {
    const caller = callerOf(request);
    const { id } = request.params;
    if (request.body.definition !== undefined && !may(caller, 'replay a draft')) {
      throw new AlfredError('E_FORBIDDEN', 'To replay a draft needs the scope "write" as well', {
        remedy: 'Use a token that has it; `npx alfred token create` makes one.',
      });
    }
    const { executionId } = await replayExecution(deps, id, { ...request.body, actor: caller.actor });
    request.log.info({ executionId, replayOf: id }, 'a replay was asked for');
    reply.header('location', `/api/v1/executions/${executionId}`);
    return reply.code(202).send({ executionId });
  });

  route(app, operations.compareReplay, async (request) => compareReplay(deps, request.params.id));
}
