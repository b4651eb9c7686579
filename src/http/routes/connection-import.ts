import { exportConnections } from '../../connections/import/export-connections.ts';
import { importConnections } from '../../connections/import/import-connections.ts';
import { exportSchema, importRequestSchema, importResultSchema } from '../../contract/imports.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const tags = ['connections'];

export function connectionImportRoutes(app: App, { db, vault, log, settings }: ServerDeps): void {
  const deps = { db, vault, log, home: settings.home };

  app.post(
    '/api/v1/connections/import',
    {
      schema: {
        summary: 'Preview or save an import',
        description:
          '`mcpServers` as Claude Desktop, `.mcp.json` and Cursor write it, `servers` as VS Code does, or a pasted `text`: one of those, a command line, an address. Starts and dials nothing: what is saved (`apply`) waits for its approval.',
        tags,
        body: importRequestSchema,
        response: { 200: importResultSchema },
      },
    },
    async (request) => importConnections(deps, request.body, callerOf(request)),
  );

  app.get(
    '/api/v1/connections/export',
    {
      schema: {
        summary: 'All connections as other programs read them, with placeholders for secrets',
        tags,
        response: { 200: exportSchema },
      },
    },
    async () => exportConnections(deps),
  );
}
