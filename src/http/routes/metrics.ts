import { operations } from '../../contract/operations.ts';
import { createEndedReader } from '../../executions/ended-since.ts';
import { readStop } from '../../executions/stop-state.ts';
import { readBudget } from '../../money/spend/read-budget.ts';
import { meterRequests } from '../../web/meter-requests.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { readState } from '../metrics/read-state.ts';
import { createMetrics } from '../metrics/registry.ts';

/** `/metrics`, and a look at every request on its way out. */
export function metricsRoutes(app: App, { db, version }: ServerDeps): void {
  const metrics = createMetrics(version);
  const readEnded = createEndedReader(db);
  app.addHook('onClose', async () => metrics.registry.clear());
  meterRequests(app, metrics.meters);

  route(
    app,
    operations.readMetrics,
    async (_request, reply) => {
      const [state, budget, stopped, ended] = await Promise.all([
        readState(db),
        readBudget({ db }),
        readStop(db.prisma),
        readEnded(),
      ]);
      metrics.ended(ended);
      metrics.stands({ state, budget, stopped });
      return reply
        .header('content-type', metrics.registry.contentType)
        .send((await metrics.registry.metrics()) as never);
    },
    {
      // Whoever watches must not be shut out by a busy minute.
      config: { rateLimit: false },
    },
  );
}
