import type { ExportedConnections } from '../../contract/imports.ts';
import { rulesOf } from '../config/by-type.ts';
import { isIntact, readRow } from '../connection-row.ts';
import type { ConnectionDeps } from '../pool/pool.ts';

/**
 * All connections as other programs read them (`mcpServers`), with `${NAME}` in the place of every secret. What those
 * programs do not know stands under `alfred`, and HTTP APIs under `httpApis`: an import of it gives the same
 * connections back, but for their secrets.
 */
export async function exportConnections({ db }: Pick<ConnectionDeps, 'db'>): Promise<ExportedConnections> {
  const rows = await db.prisma.connection.findMany({ orderBy: { name: 'asc' } });
  const mcpServers: ExportedConnections['mcpServers'] = {};
  const httpApis: NonNullable<ExportedConnections['httpApis']> = {};
  // One that somebody else changed is not what the owner has.
  for (const row of rows.filter((one) => isIntact(db.prisma, one)).map(readRow)) {
    const entry = rulesOf(row).exported(row.config);
    if (row.type === 'http_api') httpApis[row.name] = entry;
    else mcpServers[row.name] = entry;
  }
  return { mcpServers, ...(Object.keys(httpApis).length === 0 ? {} : { httpApis }) };
}
