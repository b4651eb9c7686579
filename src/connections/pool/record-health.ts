/** Keeps `status`, `lastError` and `lastUsedAt` of a connection true to what happens to it. */

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
  await attempt(deps, name, () =>
    deps.db.prisma.connection.updateMany({
      where: { name },
      data: { status, lastError: messageOf(error), lastCheckedAt: timeNow() },
    }),
  );
}

const isFailing = ({ status }: Pick<ConnectionRow, 'status'>): boolean =>
  status === 'error' || status === 'needs_login';

/** Clears an earlier failure. */
export async function recordRecovery(deps: Deps, row: ConnectionRow): Promise<void> {
  if (!isFailing(row) && row.lastError === null) return;
  await attempt(deps, row.name, async () => {
    const { toolCatalog } = row;
    const status = toolCatalog.length === 0 ? 'new' : statusOf(toolCatalog);
    await deps.db.prisma.connection.updateMany({
      where: { id: row.id, status: { in: ['error', 'needs_login'] } },
      data: { status, lastError: null, lastCheckedAt: timeNow() },
    });
  });
}

/** Not through the client's `update`, which would count as a change of the connection (its ETag). */
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
