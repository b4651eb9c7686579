import { maySignIn } from '../contract/connection-types.ts';
import { type Connection, wallKindSchema } from '../contract/connections.ts';
import type { Vault } from '../vault/vault.ts';
import { approvalDifference, isApproved } from './config/approval.ts';
import { showConfig } from './config/config-secrets.ts';
import type { TypedConfig } from './config/typed-config.ts';
import type { ConnectionRow } from './connection-row.ts';
import { presentLogin } from './login/present-login.ts';

/** What is shown of a connection, kept already or only planned. */
export type ShownRow = TypedConfig &
  Pick<
    ConnectionRow,
    | 'id'
    | 'name'
    | 'tools'
    | 'toolCatalog'
    | 'isActive'
    | 'approvedHash'
    | 'approvedPart'
    | 'approvedWalls'
    | 'status'
    | 'lastError'
    | 'lastUsedAt'
    | 'lastCheckedAt'
    | 'createdAt'
    | 'updatedAt'
  >;

/** The connection as it is shown: no secret, only where one stands. */
export const presentConnection = (vault: Vault, row: ShownRow, warnings: string[] = []): Connection => ({
  id: row.id,
  name: row.name,
  type: row.type,
  config: showConfig(vault, row, row),
  tools: row.tools,
  toolCatalog: row.toolCatalog,
  isActive: row.isActive,
  approved: isApproved(row),
  status: row.status,
  lastError: row.lastError,
  ...withLogin(row),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  lastCheckedAt: row.lastCheckedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  ...withDifference(row),
  ...(row.approvedWalls === null ? {} : { approvedWalls: wallKindSchema.parse(row.approvedWalls) }),
  ...(warnings.length === 0 ? {} : { warnings }),
});

function withDifference(row: ShownRow): Pick<Connection, 'changedSinceApproval'> {
  const differences = approvalDifference(row);
  return differences.length === 0 ? {} : { changedSinceApproval: differences };
}

function withLogin(row: ShownRow): Pick<Connection, 'login' | 'deviceLogin'> {
  if (!maySignIn(row)) return {};
  const { oauth, device } = row.config;
  return {
    ...(oauth === undefined ? {} : { login: presentLogin(oauth) }),
    ...(device === undefined
      ? {}
      : { deviceLogin: { state: device.failed?.state ?? 'waiting', why: device.failed?.why ?? null } }),
  };
}
