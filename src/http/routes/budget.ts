import { z } from 'zod';
import { budgetSchema, stopAllSchema, stopStateSchema } from '../../contract/budget.ts';
import { goOn } from '../../executions/go-on.ts';
import { stopAll } from '../../executions/stop-all.ts';
import { readStop } from '../../executions/stop-state.ts';
import { readBudget } from '../../runner/spend/read-budget.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function budgetRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/v1/budget',
    {
      schema: {
        summary: 'What was spent today and this month, and what the caps leave',
        tags: ['budget'],
        response: { 200: budgetSchema },
      },
    },
    async () => readBudget(deps),
  );

  app.get(
    '/api/v1/stop-all',
    {
      schema: {
        summary: 'Whether everything is stopped',
        tags: ['budget'],
        response: { 200: stopStateSchema },
      },
    },
    async () => ({ stopped: (await readStop(deps.db.prisma)) ?? null }),
  );

  app.post(
    '/api/v1/stop-all',
    {
      schema: {
        summary: 'Stop everything: the kill switch',
        description:
          'Cancels every execution that has not ended, and keeps schedules, webhooks and chat from starting others (E_STOPPED, 503) until DELETE. A person may still run a skill by hand.',
        tags: ['budget'],
        response: { 200: stopAllSchema },
      },
    },
    async (request) => stopAll(deps, callerOf(request).actor),
  );

  app.delete(
    '/api/v1/stop-all',
    {
      schema: {
        summary: 'Go on: let triggers start runs again',
        tags: ['budget'],
        response: { 204: z.undefined().describe('Nothing is stopped any more') },
      },
    },
    async (request, reply) => {
      await goOn(deps, callerOf(request).actor);
      return reply.code(204).send();
    },
  );
}
