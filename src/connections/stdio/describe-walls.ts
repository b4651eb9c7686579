/** What stands between a connection's program and the VM on this machine, in words for whoever is to approve it. */
import type { Connection, ConnectionWalls, WallKind } from '../../contract/connections.ts';
import { stdioConfigSchema } from '../../contract/stdio-connections.ts';
import type { WallsFound } from '../../walls/choose-walls.ts';
import type { TypedConfig } from '../config/typed-config.ts';
import { hasLostWalls } from './lost-walls.ts';
import { canBeStrict, type SandboxMode } from './sandbox.ts';

const couldRead = 'it could read what you may read, the vault’s key and database among it';
const cannotRead = 'it cannot read Alfred’s keys, token and database, or what is of other connections';

/** The walls that a program runs behind, or would. */
export function describeWalls(sandbox: SandboxMode, found: WallsFound): ConnectionWalls {
  if (sandbox === 'off')
    return { kind: 'none', message: `none: its sandbox is switched off, and ${couldRead}` };
  if (sandbox === 'strict' && !canBeStrict(found)) {
    const message = 'its sandbox is strict, which this machine cannot keep: it will not be started';
    return { kind: found.kind, message };
  }
  switch (found.kind) {
    case 'none':
      return {
        kind: 'none',
        message: `none can be built here (${found.reasons.join('; ')}): ${couldRead}. Install bubblewrap to have some`,
      };
    case 'landlock':
      return { kind: found.kind, message: `Landlock: ${cannotRead}, but sees names of files and processes` };
    case 'namespaces':
      return { kind: found.kind, message: `namespaces: ${cannotRead}` };
    case 'bubblewrap':
      return { kind: found.kind, message: `bubblewrap: ${cannotRead}` };
  }
}

/** The connection as it is shown, with the walls of its program; of an address nothing. One that lost them is not approved. */
export function withWalls(connection: Connection, found: WallsFound): Connection {
  if (connection.type !== 'mcp_stdio') return connection;
  const sandbox = stdioConfigSchema.shape.sandbox.parse(connection.config.sandbox);
  const shown = { ...connection, walls: describeWalls(sandbox, found) };
  const { approvedWalls, changedSinceApproval = [] } = connection;
  if (!hasLostWalls(connection, approvedWalls, found)) return shown;
  const lost = { field: '/walls', before: approvedWalls, after: found.kind };
  return { ...shown, approved: false, changedSinceApproval: [...changedSinceApproval, lost] };
}

/** Behind what a program is approved, to be kept with the approval; null for what is no program. */
export const wallsToApprove = (typed: TypedConfig, kind: WallKind): WallKind | null =>
  wallsOnRecord(typed, kind).walls ?? null;

/** What is said of them where a program is approved. */
export const wallsOnRecord = (typed: TypedConfig, kind: WallKind | undefined): { walls?: WallKind } =>
  typed.type !== 'mcp_stdio' || kind === undefined
    ? {}
    : { walls: typed.config.sandbox === 'off' ? 'none' : kind };
