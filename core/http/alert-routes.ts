import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { route } from '../../src/web/route.ts';
import { findPerson } from '../access/people.ts';
import { requireRole } from '../access/roles.ts';
import { testAlerts } from '../alerts/alerts.ts';
import { readAlerts } from '../alerts/read-alerts.ts';
import type { CoreApp, CoreDeps } from './app.ts';

export function alertRoutes(app: CoreApp, { db, channels = [], issuer }: CoreDeps): void {
  route(app, coreApiOperations.readAlerts, async (request) => {
    requireRole(await findPerson(db, request), 'see alerts');
    return readAlerts(db, channels);
  });

  route(app, coreApiOperations.testAlerts, async (request) => {
    requireRole(await findPerson(db, request), 'test alerts');
    return testAlerts(channels, issuer);
  });
}
