import { type Connection, type ConnectionPatch, connectionPatchSchema } from '../contract/connections.ts';
import type { Prisma } from '../database/client.ts';
import { validate } from '../kernel/validate.ts';
import { approvalHash, isApproved } from './approval.ts';
import { secretsInArguments } from './check-config.ts';
import { type ConnectionRow, type IsExpected, lockRow, readRow } from './connection-row.ts';
import type { Who } from './create-connection.ts';
import { type PatchedResult, patchConfig } from './patch-config.ts';
import type { ConnectionDeps, ConnectionPool } from './pool.ts';
import { presentConnection } from './present-connection.ts';

/**
 * Changes a connection by a JSON merge patch (RFC 7396). What runs under its old form is ended; nothing is started.
 *
 * By somebody who may approve, an approved connection stays approved in its new form. By anybody else, and where it was not
 * approved before, a change of what it starts waits for an approval.
 *
 * @throws AlfredError E_NOT_FOUND, E_PRECONDITION, E_VALIDATION
 */
export async function updateConnection(
  deps: ConnectionDeps & { pool: ConnectionPool },
  name: string,
  patch: ConnectionPatch,
  who: Who,
  { isExpected }: { isExpected?: IsExpected } = {},
): Promise<Connection> {
  const { db, vault, log, pool } = deps;
  const change = validate(connectionPatchSchema, patch, 'The connection');
  const { before, after, warnings } = await db.transaction(async (tx) => {
    const before = await lockRow(tx, name, isExpected);
    const patched =
      change.config === undefined ? undefined : patchConfig(deps, before, before.config, change.config);
    const row = await tx.connection.update({
      where: { id: before.id },
      data: {
        ...(change.isActive === undefined ? {} : { isActive: change.isActive }),
        ...(patched === undefined ? {} : configData(before, patched, who)),
      },
    });
    return { before, after: readRow(row), warnings: patched?.warnings ?? [] };
  });
  log.info({ connection: name, actor: who.actor, approved: isApproved(after) }, 'connection changed');
  if (change.config !== undefined || (before.isActive && !after.isActive)) await pool.evict(name);
  return presentConnection(vault, after, warnings);
}

function configData(before: ConnectionRow, patched: PatchedResult, who: Who) {
  const { config, isOtherServer } = patched;
  return {
    config: config as Prisma.InputJsonValue,
    approvedHash: approvalAfter(before, patched, who),
    // Its tools are those of another program: the next discovery takes them as they are.
    ...(isOtherServer ? { status: 'new' as const, lastError: null } : {}),
  };
}

function approvalAfter(before: ConnectionRow, { config, hasNewArgumentSecrets }: PatchedResult, who: Who) {
  if (who.mayApprove && isApproved(before))
    return Uint8Array.from(approvalHash({ type: before.type, config }));
  // A secret in an argument is part of the command line, and its value is not in the hash.
  const isNewCommandLine = hasNewArgumentSecrets && secretsInArguments(config).length > 0;
  return isNewCommandLine && !who.mayApprove ? null : before.approvedHash;
}
