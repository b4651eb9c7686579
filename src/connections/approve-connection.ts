import { recordAudit } from '../audit/record-audit.ts';
import { hasUnknownOrigin } from '../contract/connection-types.ts';
import type { Connection } from '../contract/connections.ts';
import type { Prisma } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { lookForOrigin, withOrigin } from './api-origin.ts';
import { approvalHash, approvalOf } from './config/approval.ts';
import type { TypedConfig } from './config/typed-config.ts';
import { findRow, type IsExpected, lockRow, readRow, signRow } from './connection-row.ts';
import type { Who } from './create-connection.ts';
import type { ConnectionDeps, ConnectionPool } from './pool/pool.ts';
import { presentConnection } from './present-connection.ts';
import { wallsOnRecord, wallsToApprove } from './stdio/describe-walls.ts';
import { acceptCatalog, statusOf } from './tools/compare-catalog.ts';

/**
 * Approves what the connection starts, as it stands now, and its tools as the last discovery found them. Starts nothing, and
 * dials nothing but the address of a document that alone says where the API is: that place is approved with the rest.
 *
 * @param options.isExpected the revision that the person looked at, so that nothing else is approved than what was seen
 * @param options.origin where the person saw that the API is, as the preview said
 * @param options.isPreview true: says what would be approved, and approves nothing
 * @throws AlfredError E_NOT_FOUND, E_FORBIDDEN, E_PRECONDITION, and what keeps the document from being read
 */
export async function approveConnection(
  deps: ConnectionDeps & { pool: ConnectionPool },
  name: string,
  who: Who,
  {
    isExpected,
    origin,
    isPreview = false,
  }: { isExpected?: IsExpected; origin?: string | undefined; isPreview?: boolean } = {},
): Promise<Connection> {
  const { db, vault, log, pool, home } = deps;
  if (!who.mayApprove) {
    throw new AlfredError(
      'E_FORBIDDEN',
      'Approving what a connection starts needs the scope connections:approve.',
      {
        remedy: "Use the owner's token, or make one with that scope: npx alfred token create",
      },
    );
  }
  const seen = await findRow(db.prisma, name);
  const sight = await lookForOrigin(home, seen);
  if (sight !== undefined && 'problem' in sight) throw sight.problem;
  if (isPreview) return presentConnection(vault, { ...seen, ...withOrigin(seen, sight) });
  const { kind } = await pool.walls();
  const row = await db.transaction(async (tx) => {
    const before = await lockRow(tx, name, isExpected);
    const approved = withOrigin(before, sight);
    assertSeen(name, approved, origin);
    const toolCatalog = acceptCatalog(before.toolCatalog);
    const hash = approvalHash(approved).toString('hex');
    await recordAudit(tx, {
      action: 'connection.approved',
      actor: who.actor,
      subject: name,
      data: { approvedHash: hash, tools: toolCatalog.length, ...wallsOnRecord(approved, kind) },
    });
    const written = await tx.connection.update({
      where: { id: before.id },
      data: {
        config: approved.config as Prisma.InputJsonValue,
        ...approvalOf(approved),
        approvedWalls: wallsToApprove(approved, kind),
        toolCatalog: toolCatalog as Prisma.InputJsonValue,
        ...(before.status === 'changed' ? { status: statusOf(toolCatalog) } : {}),
      },
    });
    return readRow(await signRow(tx, written));
  });
  log.info({ connection: name, actor: who.actor }, 'connection approved');
  pool.refreshPins(name, row.toolCatalog);
  return presentConnection(vault, row);
}

/** @throws AlfredError E_PRECONDITION when the API is not where the person saw it, or names another document meanwhile */
function assertSeen(name: string, typed: TypedConfig, origin: string | undefined): void {
  const present = typed.type === 'http_api' ? typed.config.origin : undefined;
  if (!hasUnknownOrigin(typed) && (origin === undefined || origin === present)) return;
  throw new AlfredError(
    'E_PRECONDITION',
    present === undefined
      ? `The connection "${name}" was changed since it was read.`
      : `The document of "${name}" says that its API is at ${present} now, not at ${origin}. Nothing is approved.`,
    { remedy: 'Look at it again, and approve it if that is what you expect.' },
  );
}
