import { operations } from '../../contract/operations.ts';
import { tryStep } from '../../executions/try-step.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { may } from '../access/policy.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const needs = (scope: string, what: string): AlfredError =>
  new AlfredError('E_FORBIDDEN', `To try ${what} needs the scope "${scope}" as well`, {
    remedy: 'Use a token that has it; `npx alfred token create` makes one.',
  });

export function tryRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.tryStep, async (request, reply) => {
    const caller = callerOf(request);
    const { definition, mode, step } = request.body;
    if (definition !== undefined && !may(caller, 'replay a draft')) throw needs('write', 'a draft');
    // What is not saved may use more tools than what is, and ask less.
    if (definition !== undefined && mode === 'live' && !may(caller, 'try a step for real'))
      throw needs('connections:approve', 'a draft for real');
    const tried = await tryStep(deps, request.params.slug, { ...request.body, actor: caller.actor });
    request.log.info({ executionId: tried.executionId, step, mode }, 'a step is tried');
    reply.header('location', `/api/v1/executions/${tried.executionId}`);
    return reply.code(202).send(tried);
  });
}
