import { connectionNameSchema } from '../contract/common.ts';
import type { Connection } from '../contract/connections.ts';
import { validationError } from '../kernel/validate.ts';
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
    ...(cursor === undefined ? {} : { where: { name: { gt: readCursor(cursor) } } }),
    orderBy: { name: 'asc' },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => presentConnection(vault, readShownRow(db.prisma, row))),
    nextCursor: last && rows.length > limit ? Buffer.from(last.name).toString('base64url') : null,
  };
}

function readCursor(cursor: string): string {
  const name = connectionNameSchema.safeParse(Buffer.from(cursor, 'base64url').toString());
  if (name.success) return name.data;
  throw validationError('The query', [{ field: '/cursor', message: 'use nextCursor of the page before' }]);
}
