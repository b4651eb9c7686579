import type { DiscoverResult, PinnedTool, Tool } from '../contract/connections.ts';
import { unusableWords } from '../contract/unusable-tools.ts';
import { assertMayOpen } from './config/approval.ts';
import { findRow } from './connection-row.ts';
import type { ConnectionDeps, ConnectionPool } from './pool/pool.ts';
import { definitionOf } from './tools/tool-definition.ts';

/**
 * Asks the server for its tools and keeps them. The first ones after an approval are taken as they are; later ones that are
 * new or other than approved are off until a person approves them.
 *
 * @throws AlfredError E_NOT_FOUND, E_NOT_APPROVED, E_CONNECTION_INACTIVE, or what keeps the server from answering
 */
export async function discoverTools(
  { db, pool }: ConnectionDeps & { pool: ConnectionPool },
  name: string,
): Promise<DiscoverResult> {
  assertMayOpen(await findRow(db.prisma, name));
  const { catalog, added, changed, removed, warnings } = await pool.discover(name);
  const tools = catalog.filter(({ off }) => off !== 'gone').map(offered);
  const unusable = unusableWords(tools);
  return {
    tools,
    added,
    changed,
    removed,
    warnings: [...(unusable === undefined ? [] : [unusable]), ...warnings],
  };
}

/** What the server offers now, which need not be what was approved. */
const offered = (tool: PinnedTool): Tool => definitionOf(tool.pending ?? tool);
