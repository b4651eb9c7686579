import { readConfig } from '../../config/read-config.ts';
import { operations } from '../../contract/operations.ts';
import { readStats } from '../../executions/read-stats.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function statsRoutes(app: App, { db }: ServerDeps): void {
  route(app, operations.readStats, async (request) =>
    readStats(db, { days: request.query.days, ...(await readConfig(db.prisma, 'timezone')) }),
  );
}
