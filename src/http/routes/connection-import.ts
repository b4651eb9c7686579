import { exportConnections } from '../../connections/import/export-connections.ts';
import { importConnections } from '../../connections/import/import-connections.ts';
import { operations } from '../../contract/operations.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function connectionImportRoutes(app: App, { db, vault, log, settings }: ServerDeps): void {
  const deps = { db, vault, log, home: settings.home };

  route(app, operations.importConnections, async (request) =>
    importConnections(deps, request.body, callerOf(request)),
  );

  route(app, operations.exportConnections, async () => exportConnections(deps));
}
