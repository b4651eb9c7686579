import { z } from 'zod';
import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { route } from '../../src/web/route.ts';
import { findPerson } from '../access/people.ts';
import { requireRole } from '../access/roles.ts';
import { testAlerts } from '../alerts/alerts.ts';
import { readAlerts } from '../alerts/read-alerts.ts';
import { backupSettingsOf, backupVariables } from '../backup/backup-settings.ts';
import { readCoreBackupState } from '../backup/backup-state.ts';
import type { CoreApp, CoreDeps } from './app.ts';

const noBackups = backupSettingsOf(z.object(backupVariables).parse({}));

export function alertRoutes(app: CoreApp, deps: CoreDeps): void {
  const { db, channels = [], issuer, backups = noBackups } = deps;
  route(app, coreApiOperations.readAlerts, async (request) => {
    requireRole(await findPerson(db, request), 'see alerts');
    return readAlerts(db, channels);
  });

  route(app, coreApiOperations.testAlerts, async (request) => {
    requireRole(await findPerson(db, request), 'test alerts');
    return testAlerts(channels, issuer);
  });

  route(app, coreApiOperations.readBackups, async (request) => {
    requireRole(await findPerson(db, request), 'see alerts');
    return readCoreBackupState(db, backups);
  });
}
