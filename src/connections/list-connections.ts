import { connectionNameSchema } from '../contract/common.ts';
import type { Connection } from '../contract/connections.ts';
import { cutPage, nameCursor, nameOfCursor } from '../database/pages.ts';
import { readShownRow } from './connection-row.ts';
import type { ConnectionDeps } from './pool/pool.ts';
import { presentConnection } from './present-connection.ts';

export type ConnectionPage = { items: Connection[]; nextCursor: string | null };

/**
 * A page of connections by name, from the one after `cursor` on.
 *
 * @throws AlfredError E_VALIDATION for a cursor that no page gave
 */
export async function listConnections(
  { db, vault }: ConnectionDeps,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<ConnectionPage> {
  const rows = await db.prisma.connection.findMany({
    ...(cursor === undefined ? {} : { where: { name: { gt: nameOfCursor(cursor, connectionNameSchema) } } }),
    orderBy: { name: 'asc' },
    take: limit + 1,
  });
  const { page, nextCursor } = cutPage(rows, limit, ({ name }) => nameCursor(name));
  return { items: page.map((row) => presentConnection(vault, readShownRow(db.prisma, row))), nextCursor };
}
