/** Acts on several executions at once, and what is looked for again among them. */
import { retryTurn } from '../../chat/retry-turn.ts';
import { operations } from '../../contract/operations.ts';
import { cancelExecutions } from '../../executions/cancel-executions.ts';
import { retryExecution } from '../../executions/retry-execution.ts';
import { retryExecutions } from '../../executions/retry-executions.ts';
import { listSavedFilters, removeSavedFilter, saveFilter } from '../../executions/saved-filters.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function manyExecutionsRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.cancelExecutions, async (request) => ({
    cancelled: await cancelExecutions(deps, request.body.ids, callerOf(request).actor),
  }));

  route(app, operations.retryExecutions, async (request) => {
    const { ids, ...how } = request.body;
    const { actor } = callerOf(request);
    return retryExecutions(
      deps,
      ids,
      async (id) => (await retryTurn(deps, id, actor)) ?? (await retryExecution(deps, id, { ...how, actor })),
    );
  });

  route(app, operations.listSavedFilters, async () => ({ items: await listSavedFilters(deps) }));

  route(app, operations.saveFilter, async (request) =>
    saveFilter(deps, request.params.name, request.body.filter),
  );

  route(app, operations.removeSavedFilter, async (request, reply) => {
    await removeSavedFilter(deps, request.params.name);
    return reply.code(204).send(undefined);
  });
}
