import { recordAudit } from '../audit/record-audit.ts';
import type { Connection } from '../contract/connections.ts';
import type { Prisma } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { approvalHash, approvalOf } from './approval.ts';
import { acceptCatalog, statusOf } from './compare-catalog.ts';
import { type IsExpected, lockRow, readRow } from './connection-row.ts';
import type { Who } from './create-connection.ts';
import type { ConnectionDeps, ConnectionPool } from './pool.ts';
import { presentConnection } from './present-connection.ts';

/**
 * Approves what the connection starts, as it stands now, and its tools as the last discovery found them. Starts nothing.
 *
 * @param options.isExpected the revision that the person looked at, so that nothing else is approved than what was seen
 * @throws AlfredError E_NOT_FOUND, E_FORBIDDEN, E_PRECONDITION
 */
export async function approveConnection(
  deps: ConnectionDeps & { pool: ConnectionPool },
  name: string,
  who: Who,
  { isExpected }: { isExpected?: IsExpected } = {},
): Promise<Connection> {
  const { db, vault, log, pool } = deps;
  if (!who.mayApprove) {
    throw new AlfredError(
      'E_FORBIDDEN',
      'Approving what a connection starts needs the scope connections:approve.',
      {
        remedy: "Use the owner's token, or make one with that scope: npx alfred token create",
      },
    );
  }
  const row = await db.transaction(async (tx) => {
    const before = await lockRow(tx, name, isExpected);
    const toolCatalog = acceptCatalog(before.toolCatalog);
    const hash = approvalHash(before).toString('hex');
    await recordAudit(tx, {
      action: 'connection.approved',
      actor: who.actor,
      subject: name,
      data: { approvedHash: hash, tools: toolCatalog.length },
    });
    return readRow(
      await tx.connection.update({
        where: { id: before.id },
        data: {
          ...approvalOf(before),
          toolCatalog: toolCatalog as Prisma.InputJsonValue,
          ...(before.status === 'changed' ? { status: statusOf(toolCatalog) } : {}),
        },
      }),
    );
  });
  log.info({ connection: name, actor: who.actor }, 'connection approved');
  pool.refreshPins(name, row.toolCatalog);
  return presentConnection(vault, row);
}
