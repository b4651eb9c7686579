import { operations } from '../../contract/operations.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { runChecks } from '../doctor/run-checks.ts';

export function doctorRoutes(app: App, { db }: ServerDeps): void {
  route(app, operations.runDoctor, async () => {
    const checks = await runChecks(db);
    return { ok: checks.every(({ state }) => state !== 'bad'), checks };
  });
}
