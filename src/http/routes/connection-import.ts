import { exportConnections } from '../../connections/import/export-connections.ts';
import { importConnections } from '../../connections/import/import-connections.ts';
import { api } from '../../contract/api.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { route } from '../route.ts';

export function connectionImportRoutes(app: App, { db, vault, log, settings }: ServerDeps): void {
  const deps = { db, vault, log, home: settings.home };

  route(app, api.importConnections, async (request) =>
    importConnections(deps, request.body, callerOf(request)),
  );

  route(app, api.exportConnections, async () => exportConnections(deps));
}
