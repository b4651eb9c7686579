import type { DiscoverResult } from '../contract/connections.ts';
import { unusableWords } from '../contract/unusable-tools.ts';
import { utf8List } from '../kernel/hash.ts';
import { assertMayOpen } from './config/approval.ts';
import { findRow } from './connection-row.ts';
import type { ConnectionDeps, ConnectionPool } from './pool/pool.ts';
import { type FoundTool, readDefinition } from './tools/found-tool.ts';

type Deps = ConnectionDeps & { pool: ConnectionPool };

/**
 * Asks the server for its tools and keeps them. The first ones after an approval are taken as they are; later ones that are
 * new or other than approved are off until a person approves them.
 *
 * @throws AlfredError E_NOT_FOUND, E_NOT_APPROVED, E_CONNECTION_INACTIVE, or what keeps the server from answering
 */
export async function discoverTools(deps: Deps, name: string): Promise<DiscoverResult> {
  const { tools, ...rest } = await discover(deps, name);
  return { ...rest, tools: tools.map(readDefinition) };
}

/** The same as JSON: of a thousand tools none is read again to be answered with. */
export async function discoveryJson(deps: Deps, name: string): Promise<Buffer> {
  const { tools, ...rest } = await discover(deps, name);
  const before = `${JSON.stringify(rest).slice(0, -1)},"tools":`;
  return utf8List(
    tools.map(({ definition }) => [definition]),
    before,
    '}',
  );
}

async function discover(
  { db, pool }: Deps,
  name: string,
): Promise<Omit<DiscoverResult, 'tools'> & { tools: FoundTool[] }> {
  assertMayOpen(await findRow(db.prisma, name));
  const { catalog, added, changed, removed, warnings } = await pool.discover(name);
  // What the server offers now, which need not be what was approved.
  const tools = catalog.filter(({ off }) => off !== 'gone').map((tool) => tool.pending ?? tool);
  const unusable = unusableWords(tools);
  return {
    tools,
    added,
    changed,
    removed,
    warnings: [...(unusable === undefined ? [] : [unusable]), ...warnings],
  };
}
