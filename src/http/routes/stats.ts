import { readConfig } from '../../config/read-config.ts';
import { operations } from '../../contract/operations.ts';
import { readStats } from '../../executions/read-stats.ts';
import { timeNow } from '../../kernel/clock.ts';
import { readSpentIn } from '../../money/spend/read-spent-in.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function statsRoutes(app: App, { db }: ServerDeps): void {
  route(app, operations.readStats, async (request) => {
    const stats = await readStats(db, { ...request.query, ...(await readConfig(db.prisma, 'timezone')) });
    const until = new Date(stats.until);
    const from = new Date(stats.days[0]?.begin ?? until);
    return { ...stats, spentUsd: await readSpentIn(db, { from, until }, timeNow()) };
  });
}
