/** From a row to a link: read it, see that it was approved, open its secrets, start it. */
import type { Database } from '../database/client.ts';
import type { Logger } from '../kernel/log.ts';
import type { Vault } from '../vault/vault.ts';
import { assertMayOpen } from './approval.ts';
import { openConfig } from './config-secrets.ts';
import { type ConnectionRow, findRow } from './connection-row.ts';
import type { Link } from './link.ts';
import { openStdioLink } from './stdio/open-stdio-link.ts';
import type { SpawnDeps } from './stdio/spawn-server.ts';

export type OpenDeps = {
  db: Database;
  vault: Vault;
  log: Logger;
  spawn: SpawnDeps;
  startTimeoutMs: number;
  maxMessageBytes: number;
  maxResultSize: number;
};

export type Opening = {
  signal: AbortSignal;
  onToolsChanged: () => void;
  /** True once this server is known to leave when it is asked for its protocol versions. */
  isLegacy: boolean;
};

export type Opened = { row: ConnectionRow; link: Link; isLegacy: boolean };

/**
 * @throws AlfredError E_NOT_FOUND, E_CONNECTION_INACTIVE, E_NOT_APPROVED before anything is started; then what the server did
 */
export async function openConnection(deps: OpenDeps, name: string, opening: Opening): Promise<Opened> {
  const row = await findRow(deps.db.prisma, name);
  assertMayOpen(row);
  const { command, cwd, sandbox, network, paths = [] } = row.config;
  const { link, isLegacy } = await openStdioLink(deps.spawn, {
    name,
    plan: {
      ...openConfig(deps.vault, row, row.config),
      ...{ id: row.id, command, cwd, sandbox, network: network === true, paths },
    },
    startTimeoutMs: deps.startTimeoutMs,
    maxMessageBytes: deps.maxMessageBytes,
    maxResultSize: deps.maxResultSize,
    redact: (text) => deps.vault.redactor.text(text),
    redactValue: (value) => deps.vault.redactor.value(value),
    log: deps.log,
    ...opening,
  });
  return { row, link, isLegacy };
}
