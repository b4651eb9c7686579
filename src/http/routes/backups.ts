import { readBackupState } from '../../backup/backup-state.ts';
import { operations } from '../../contract/operations.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function backupRoutes(app: App, { db }: ServerDeps): void {
  route(app, operations.readBackups, async () => readBackupState(db));
}
