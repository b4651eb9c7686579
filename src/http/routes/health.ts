import { healthSchema, readinessSchema } from '../../contract/health.ts';
import { diskTrouble } from '../../kernel/disk-room.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

/** For whoever watches over the process: always answered, whatever else is going on. */
const config = { rateLimit: false } as const;

export function healthRoutes(app: App, { db, notReady, settings, version }: ServerDeps): void {
  app.get(
    '/healthz',
    {
      config,
      schema: { summary: 'Whether the process is alive', tags: ['health'], response: { 200: healthSchema } },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config,
      schema: {
        summary: 'Whether it can do its work, and why not',
        tags: ['health'],
        response: { 200: readinessSchema },
      },
    },
    async () => {
      try {
        await db.pool.query('SELECT 1');
      } catch (cause) {
        throw new AlfredError('E_NOT_READY', `The database does not answer: ${messageOf(cause)}`, { cause });
      }
      const reason = notReady?.() ?? (await diskTrouble(settings.home));
      if (reason !== undefined) throw new AlfredError('E_NOT_READY', reason);
      return { status: 'ready' as const, version };
    },
  );
}
