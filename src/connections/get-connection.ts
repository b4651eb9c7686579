import type { Connection } from '../contract/connections.ts';
import { findShownRow } from './connection-row.ts';
import type { ConnectionDeps } from './pool/pool.ts';
import { presentConnection } from './present-connection.ts';

/** @throws AlfredError E_NOT_FOUND */
export async function getConnection({ db, vault }: ConnectionDeps, name: string): Promise<Connection> {
  return presentConnection(vault, await findShownRow(db.prisma, name));
}
