/**
 * Keeps `status`, `lastError` and `lastUsedAt` of a connection true to what happens to it. Never through the client's `update`, which
 * would count as a change of the connection by somebody (its `updatedAt`, which a writer must have seen).
 */

import type { Database } from '../../database/client.ts';
import { timeNow } from '../../kernel/clock.ts';
import { isAlfredError, messageOf } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import type { ConnectionRow } from '../connection-row.ts';
import { statusOf } from '../tools/compare-catalog.ts';
import { isNotItsFault } from './not-its-fault.ts';

type Deps = { db: Database; log: Logger };

/** Marks the connection as failing, or as wanting a login, in the words of `error` (redacted by whoever made them). */
export async function recordFailure(deps: Deps, name: string, error: unknown): Promise<void> {
  if (isNotItsFault(error)) return;
  const status = isAlfredError(error, 'E_NEEDS_LOGIN') ? 'needs_login' : 'error';
  await attempt(
    deps,
    name,
    () => deps.db.prisma.$executeRaw`
      UPDATE connections SET status = ${status}::connection_status, last_error = ${messageOf(error)},
        last_checked_at = ${timeNow()} WHERE name = ${name}`,
  );
}

const isFailing = ({ status }: Pick<ConnectionRow, 'status'>): boolean =>
  status === 'error' || status === 'needs_login';

/** Clears an earlier failure. */
export async function recordRecovery(deps: Deps, row: ConnectionRow): Promise<void> {
  if (!isFailing(row) && row.lastError === null) return;
  const { toolCatalog } = row;
  const status = toolCatalog.length === 0 ? 'new' : statusOf(toolCatalog);
  await attempt(
    deps,
    row.name,
    () => deps.db.prisma.$executeRaw`
      UPDATE connections SET status = ${status}::connection_status, last_error = NULL,
        last_checked_at = ${timeNow()} WHERE id = ${row.id}::uuid AND status IN ('error', 'needs_login')`,
  );
}

export async function recordUse(deps: Deps, name: string): Promise<void> {
  await attempt(
    deps,
    name,
    () => deps.db.prisma.$executeRaw`UPDATE connections SET last_used_at = now() WHERE name = ${name}`,
  );
}

/** A status that cannot be written must not fail the call that it tells of. */
async function attempt({ log }: Deps, name: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    log.warn(
      { connection: name, reason: messageOf(error) },
      'the state of a connection could not be written down',
    );
  }
}
