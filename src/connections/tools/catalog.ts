import type { Connection, PinnedTool } from '../../contract/connections.ts';
import type { Transaction } from '../../database/client.ts';
import { isApproved } from '../config/approval.ts';
import { readShownRow } from '../connection-row.ts';

export type CatalogEntry = {
  isActive: boolean;
  /** A person approved exactly what it starts. */
  approved: boolean;
  status: Connection['status'];
  /** As approved; one with `off` may not be called. Empty until the first discovery. */
  tools: PinnedTool[];
};

/**
 * The pinned tools of the connections called `names`, of all of them if left out; a name that there is not is left out.
 * One that somebody else changed is there, not approved and without tools.
 */
export async function readCatalog(
  db: Transaction,
  names?: readonly string[],
): Promise<Map<string, CatalogEntry>> {
  const rows = await db.connection.findMany({
    where: names === undefined ? {} : { name: { in: [...names] } },
    orderBy: { name: 'asc' },
  });
  return new Map(
    rows
      .map((row) => readShownRow(db, row))
      .map((row) => [
        row.name,
        { isActive: row.isActive, approved: isApproved(row), status: row.status, tools: row.toolCatalog },
      ]),
  );
}
