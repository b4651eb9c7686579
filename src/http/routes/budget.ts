import { operations } from '../../contract/operations.ts';
import { goOn } from '../../executions/go-on.ts';
import { stopAll } from '../../executions/stop-all.ts';
import { readStop } from '../../executions/stop-state.ts';
import { readBudget } from '../../money/spend/read-budget.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function budgetRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.readBudget, async () => readBudget(deps));

  route(app, operations.readStop, async () => ({ stopped: (await readStop(deps.db.prisma)) ?? null }));

  route(app, operations.stopAll, async (request) => stopAll(deps, callerOf(request).actor));

  route(app, operations.goOn, async (request, reply) => {
    await goOn(deps, callerOf(request).actor);
    return reply.code(204).send();
  });
}
