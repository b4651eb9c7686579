import { recordAudit } from '../audit/record-audit.ts';
import { hasUnknownOrigin } from '../contract/connection-types.ts';
import {
  type Connection,
  type ConnectionPatch,
  connectionPatchSchema,
  type WallKind,
} from '../contract/connections.ts';
import type { Prisma } from '../database/client.ts';
import { validate } from '../kernel/validate.ts';
import { lookForOrigin, type OriginSight } from './api-origin.ts';
import { approvalOf, isApproved } from './config/approval.ts';
import { leafLabel, secretLeaves } from './config/leaves.ts';
import { type PatchedConfig, patchConfig } from './config/patch-config.ts';
import { type ConnectionRow, findRow, type IsExpected, lockRow, readRow, signRow } from './connection-row.ts';
import type { Who } from './create-connection.ts';
import type { ConnectionDeps, ConnectionPool } from './pool/pool.ts';
import { presentConnection } from './present-connection.ts';
import { wallsToApprove } from './stdio/describe-walls.ts';
import { toBeDiscovered } from './tools/record-discovery.ts';

/**
 * Changes a connection by a JSON merge patch (RFC 7396). What runs under its old form is ended; nothing is started, and nothing
 * dialled but the address of a document that alone says where the API is, where the change is approved with it.
 *
 * By somebody who may approve, an approved connection stays approved in its new form. By anybody else, and where it was not
 * approved before, a change of what it starts waits for an approval.
 *
 * @param options.isPreview true: says what it would be, secrets that would be dropped included, and changes nothing
 * @throws AlfredError E_NOT_FOUND, E_PRECONDITION, E_VALIDATION
 */
export async function updateConnection(
  deps: ConnectionDeps & { pool: ConnectionPool },
  name: string,
  patch: ConnectionPatch,
  who: Who,
  { isExpected, isPreview = false }: { isExpected?: IsExpected; isPreview?: boolean } = {},
): Promise<Connection> {
  const { db, vault, log, pool } = deps;
  const change = validate(connectionPatchSchema, patch, 'The connection');
  const seen = await findRow(db.prisma, name);
  const sight = await sightOf(deps, seen, change, who);
  const approver: Approver = { ...who, walls: (await pool.walls()).kind };
  if (isPreview) return previewOf(deps, seen, change, approver, sight);
  const { before, after, warnings } = await db.transaction(async (tx) => {
    const before = await lockRow(tx, name, isExpected);
    const patched = change.config === undefined ? undefined : patchConfig(deps, before, change.config, sight);
    const row = await tx.connection.update({
      where: { id: before.id },
      data: {
        ...(change.isActive === undefined ? {} : { isActive: change.isActive }),
        ...(patched === undefined ? {} : dataOf(before, patched, approver)),
      },
    });
    const after = readRow(await signRow(tx, row));
    await recordAudit(tx, {
      action: 'connection.changed',
      actor: who.actor,
      subject: name,
      data: {
        ...secretChanges(before, after),
        active: after.isActive,
        approved: isApproved(after),
        approvedHash: after.approvedHash && Buffer.from(after.approvedHash).toString('hex'),
      },
    });
    return { before, after, warnings: patched?.warnings ?? [] };
  });
  log.info({ connection: name, actor: who.actor, approved: isApproved(after) }, 'connection changed');
  if (change.config !== undefined || (before.isActive && !after.isActive)) await pool.evict(name);
  return presentConnection(vault, after, warnings);
}

/** Who changes it, and behind which walls a program runs here. */
type Approver = Who & { walls: WallKind };

/** What the document says of where the API is, where the change is approved with it and nobody has said it. */
async function sightOf(
  deps: ConnectionDeps,
  before: ConnectionRow,
  { config }: ConnectionPatch,
  who: Who,
): Promise<OriginSight | undefined> {
  if (config === undefined || !who.mayApprove || !isApproved(before)) return undefined;
  return lookForOrigin(deps.home, patchConfig(deps, before, config).typed);
}

/** Which secrets were written, and which went. */
function secretChanges(before: ConnectionRow, after: ConnectionRow) {
  const sealedOf = (row: ConnectionRow) =>
    new Map(secretLeaves(row.config).map(({ path, value }) => [leafLabel(row, path), value]));
  const [former, present] = [sealedOf(before), sealedOf(after)];
  return {
    secretsWritten: [...present]
      .filter(([label, value]) => former.get(label) !== value)
      .map(([label]) => label),
    secretsRemoved: [...former.keys()].filter((label) => !present.has(label)),
  };
}

function previewOf(
  { vault, home }: ConnectionDeps,
  before: ConnectionRow,
  { isActive = before.isActive, config }: ConnectionPatch,
  who: Approver,
  sight: OriginSight | undefined,
): Connection {
  if (config === undefined) return presentConnection(vault, { ...before, isActive });
  const patched = patchConfig({ vault, home }, before, config, sight);
  const after = { ...before, ...changesOf(before, patched, who), ...patched.typed, isActive };
  return presentConnection(vault, after, patched.warnings);
}

/** All that changes with the config. */
function changesOf(before: ConnectionRow, patched: PatchedConfig, who: Approver) {
  const approval = approvalAfter(before, patched, who);
  if (!patched.isOtherServer) return approval;
  // Its tools are those of another server.
  return { ...approval, status: 'new' as const, lastError: null, ...toBeDiscovered(before) };
}

function dataOf(before: ConnectionRow, patched: PatchedConfig, who: Approver): Prisma.ConnectionUpdateInput {
  const changes: Partial<ReturnType<typeof changesOf>> = changesOf(before, patched, who);
  const { toolCatalog, ...rest } = { toolCatalog: undefined, ...changes };
  return {
    ...rest,
    config: patched.typed.config as Prisma.InputJsonValue,
    ...(toolCatalog === undefined ? {} : { toolCatalog: toolCatalog as Prisma.InputJsonValue }),
  };
}

function approvalAfter(before: ConnectionRow, { typed, hasNewSecrets }: PatchedConfig, who: Approver) {
  if (who.mayApprove && isApproved(before) && !hasUnknownOrigin(typed)) {
    // Where walls can no longer be built, a change of something else does not approve that.
    const walls = who.walls === 'none' ? {} : { approvedWalls: wallsToApprove(typed, who.walls) };
    return { ...approvalOf(typed), ...walls };
  }
  // The value of a secret is in no hash, and a server may take any for the place where it sends the others.
  return hasNewSecrets && !who.mayApprove ? { approvedHash: null } : {};
}
