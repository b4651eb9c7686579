/** From a row to a link: read it, see that it was approved, open its secrets, start or dial it. */

import type { Database } from '../../database/client.ts';
import { recordSecretUses } from '../../secrets/record-secret-uses.ts';
import { assertMayOpen } from '../config/approval.ts';
import { openConfig } from '../config/config-secrets.ts';
import { secretsInUse } from '../config/secrets-in-use.ts';
import { type ConnectionRow, findRow } from '../connection-row.ts';
import { assertWalled } from '../stdio/lost-walls.ts';
import type { Link } from './link.ts';
import { type LinkDeps, type Opening, openLink } from './open-link.ts';

export type OpenDeps = LinkDeps & { db: Database };

export type Opened = { row: ConnectionRow; link: Link };

/**
 * @throws AlfredError E_NOT_FOUND, E_CONNECTION_INACTIVE, E_NOT_APPROVED before anything is started or dialled; then what
 *   the server did
 */
export async function openConnection(deps: OpenDeps, name: string, opening: Opening): Promise<Opened> {
  const row = await findRow(deps.db.prisma, name);
  assertMayOpen(row);
  if (row.type === 'mcp_stdio') assertWalled(row, await deps.spawn.sandbox.walls());
  await recordSecretUses(deps.db, secretsInUse(row));
  return { row, link: await openLink(deps, row, openConfig(deps.vault, row, deps.spawn.home), opening) };
}
