/** Writes down what a server offers, against what was approved. */

import { recordAudit, systemActor } from '../../audit/record-audit.ts';
import type { PinnedTool } from '../../contract/connections.ts';
import type { Database, Transaction } from '../../database/client.ts';
import { timeNow } from '../../kernel/clock.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { type ConnectionRow, lockRow, writeCatalog } from '../connection-row.ts';
import { nobodySignedIn } from '../login/login-ends.ts';
import {
  type CatalogChange,
  catalogJson,
  compareCatalog,
  isSameCatalog,
  type KeptTool,
  statusOf,
} from './compare-catalog.ts';
import type { FoundTool } from './found-tool.ts';

/** What came of it, and which version of the row it is kept in (`versionOf`); undefined where nothing of the tools is new. */
type Recorded = { change: CatalogChange; version: string | undefined };

/**
 * Compares `found` with the approved catalogue of the connection and keeps the outcome. The first catalogue after a person
 * approved a command is taken as it is: there is nothing yet that it could differ from.
 *
 * @param isAsked whether the row, as it is now, is the one whose server was asked: the tools of the server before are none
 * of the next one's, which is taken as it is
 * @throws AlfredError E_NOT_FOUND; E_CONFLICT when the connection was changed while its tools were read
 */
export async function recordDiscovery(
  db: Database,
  name: string,
  found: FoundTool[],
  isAsked: (row: ConnectionRow) => boolean,
): Promise<Recorded> {
  return db.transaction(async (tx) => {
    const row = await lockRow(tx, name);
    if (!isAsked(row)) {
      throw new AlfredError('E_CONFLICT', `"${name}" was changed while its tools were read.`, {
        remedy: 'Try again.',
      });
    }
    const change = isFirstDiscovery(row) ? acceptAll(found) : compareCatalog(row.toolCatalog, found);
    const nobody = lacksSignIn(row) ? nobodySignedIn(name) : undefined;
    const status = nobody === undefined ? statusOf(change.catalog) : 'needs_login';
    const tools = found.map((tool) => tool.name);
    const isSame =
      row.status === status &&
      isSameCatalog(row.toolCatalog, change.catalog) &&
      row.tools.join('\n') === tools.join('\n');
    const news = change.added.length + change.changed.length + change.removed.length;
    const written = await write(
      tx,
      { id: row.id, tools, status, lastError: nobody?.message ?? null },
      // Tools that a person is to see before they approve.
      news > 0 && !isFirstDiscovery(row),
    );
    // What alone was written otherwise is under no MAC.
    const version = isSame ? undefined : await writeCatalog(tx, written, catalogJson(change.catalog));
    if (news > 0) {
      const { added, changed, removed } = change;
      const data = { added, changed, removed };
      await recordAudit(tx, { action: 'connection.tools_changed', actor: systemActor, subject: name, data });
    }
    return { change, version };
  });
}

type Outcome = Pick<ConnectionRow, 'id' | 'tools' | 'status' | 'lastError'>;

/** @param isChange whether it counts as a change of the connection, which a writer must have seen: what its test finds is nobody's */
async function write(tx: Transaction, { id, tools, status, lastError }: Outcome, isChange: boolean) {
  const omit = { toolCatalog: true } as const;
  const lastCheckedAt = timeNow();
  if (isChange)
    return tx.connection.update({ where: { id }, data: { tools, status, lastError, lastCheckedAt }, omit });
  await tx.$executeRaw`
    UPDATE connections SET tools = ${tools}, status = ${status}::connection_status, last_error = ${lastError},
      last_checked_at = ${lastCheckedAt} WHERE id = ${id}::uuid`;
  return tx.connection.findUniqueOrThrow({ where: { id }, omit });
}

/** Its document is read by anybody, and its tools are called by nobody who has not signed in. */
export const lacksSignIn = ({ type, config }: ConnectionRow): boolean =>
  type === 'http_api' && config.auth.type === 'oauth2' && config.oauth?.accessToken === undefined;

type Discovered = { tools: string[]; toolCatalog: PinnedTool[] };

/** By what is under the row's MAC: anybody who can write to the database can set its status. */
export const isFirstDiscovery = ({ tools, toolCatalog }: Discovered): boolean =>
  tools.length === 0 && toolCatalog.every(({ off }) => off === undefined || off === 'unusable');

/** What is left of the tools when a connection leads to another server: the next discovery takes its tools as they are. */
export const toBeDiscovered = ({
  toolCatalog,
}: Discovered): { tools: string[]; toolCatalog: PinnedTool[] } => ({
  tools: [],
  toolCatalog: toolCatalog.map(({ off: _off, pending: _pending, ...tool }) => tool),
});

function acceptAll(found: FoundTool[]): CatalogChange {
  const catalog = found.map(
    (tool): KeptTool => (tool.unusable === undefined ? tool : { ...tool, off: 'unusable' }),
  );
  const added = found.filter(({ unusable }) => unusable === undefined).map(({ name }) => name);
  return { catalog, added, changed: [], removed: [] };
}
