import { operations } from '../../contract/operations.ts';
import { diskTrouble } from '../../kernel/disk-room.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import { databaseAnswers } from '../database-answers.ts';
import type { ServerDeps } from '../deps.ts';

/** For whoever watches over the process: always answered, whatever else is going on. */
const config = { rateLimit: false } as const;

export function healthRoutes(app: App, { db, notReady, settings, version }: ServerDeps): void {
  const askDatabase = databaseAnswers(db.pool);

  route(app, operations.readHealth, async () => ({ status: 'ok' as const }), { config });

  route(
    app,
    operations.readReadiness,
    async () => {
      await askDatabase();
      const reason = notReady?.() ?? (await diskTrouble(settings.home));
      if (reason !== undefined) throw new AlfredError('E_NOT_READY', reason);
      return { status: 'ready' as const, version };
    },
    { config },
  );
}
