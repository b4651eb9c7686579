import { readTimezone } from '../../config/timezone.ts';
import { statsQuerySchema, statsSchema } from '../../contract/stats.ts';
import { readStats } from '../../executions/read-stats.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function statsRoutes(app: App, { db }: ServerDeps): void {
  app.get(
    '/api/v1/stats',
    {
      schema: {
        summary: 'What executions came to, by day, skill and model',
        tags: ['executions'],
        querystring: statsQuerySchema,
        response: { 200: statsSchema },
      },
    },
    async (request) => readStats(db, { days: request.query.days, timezone: await readTimezone(db.prisma) }),
  );
}
