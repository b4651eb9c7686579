/**
 * Programs that were approved behind walls, where none can be built any more: on another machine, after a restore, or under
 * another kernel. Such a program would read what it was kept from, which nobody approved.
 */
import type { Connection } from '../../contract/connections.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { WallsFound } from '../../walls/choose-walls.ts';
import type { ConnectionRow } from '../connection-row.ts';

/** A connection as it is kept, or as it is shown. */
type Approved = Pick<ConnectionRow, 'type' | 'config'> | Pick<Connection, 'type' | 'config'>;

/**
 * Whether it was approved behind walls and would run without any.
 *
 * @param approvedWalls null or undefined: approved before walls were kept, or never; nothing is known of them then
 */
export function hasLostWalls(
  { type, config }: Approved,
  approvedWalls: string | null | undefined,
  found: WallsFound,
): boolean {
  if (found.kind !== 'none' || type !== 'mcp_stdio') return false;
  return 'sandbox' in config && config.sandbox === 'default' && (approvedWalls ?? 'none') !== 'none';
}

/** @throws AlfredError E_NOT_APPROVED when it would run without the walls it was approved behind */
export function assertWalled(row: ConnectionRow, found: WallsFound): void {
  const { name, approvedWalls } = row;
  if (!hasLostWalls(row, approvedWalls, found)) return;
  throw new AlfredError(
    'E_NOT_APPROVED',
    `"${name}" was approved behind walls (${approvedWalls}), and none can be built here now: it could read the vault’s key and database.`,
    {
      remedy: `Install bubblewrap (apt install bubblewrap) and start Alfred again. To run it without walls: npx alfred connection approve ${name}`,
    },
  );
}
