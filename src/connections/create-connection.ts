import { recordAudit } from '../audit/record-audit.ts';
import type { ConnectionInput } from '../contract/connection-types.ts';
import { hasUnknownOrigin } from '../contract/connection-types.ts';
import type { Connection, WallKind } from '../contract/connections.ts';
import { Prisma } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { validationError } from '../kernel/validate.ts';
import { lookForOrigin, originWarnings, withOrigin } from './api-origin.ts';
import { approvalOf } from './config/approval.ts';
import { normalConfig } from './config/by-type.ts';
import { configProblems, configWarnings } from './config/check-config.ts';
import { sealConfig } from './config/config-secrets.ts';
import { type LeafOwner, leafLabel, secretLeaves } from './config/leaves.ts';
import { readRow, signRow } from './connection-row.ts';
import type { ConnectionDeps } from './pool/pool.ts';
import { presentConnection } from './present-connection.ts';
import { wallsOnRecord, wallsToApprove } from './stdio/describe-walls.ts';

/** Addresses under /api/v1/connections that are not a connection's, and the name of chat's own tools. */
export const reservedNames: readonly string[] = ['import', 'export', 'alfred'];

/** Who asks: only one who may approve thereby approves what the connection starts. */
export type Who = { actor: string; mayApprove: boolean };

/**
 * Keeps a connection, its secrets sealed. Starts nothing, and dials nothing of it but the address of an OpenAPI document that
 * alone says where the API is, and that only for one who may approve: what is approved then includes what the document says.
 * Where it cannot be read, the connection is kept, not approved, and a warning says why.
 *
 * @param options.isComplete false for an import, whose secrets may be entered later
 * @param options.isPreview true: says what it would be, and keeps nothing
 * @param options.walls what a program runs behind here: on record with its approval
 * @throws AlfredError E_VALIDATION, or E_CONFLICT when the name is taken
 */
export async function createConnection(
  deps: ConnectionDeps,
  input: ConnectionInput,
  who: Who,
  {
    isComplete = true,
    isPreview = false,
    walls,
  }: { isComplete?: boolean; isPreview?: boolean; walls?: WallKind } = {},
): Promise<Connection> {
  const { db, vault, log, home } = deps;
  const { name, isActive } = input;
  const entered = normalConfig(input);
  const problems = [
    ...configProblems(entered, { home, isComplete }),
    ...(reservedNames.includes(name)
      ? [{ field: '/name', message: 'is a word of Alfred’s own; choose another' }]
      : []),
  ];
  if (problems.length > 0) throw validationError('The connection', problems);

  const sight = who.mayApprove ? await lookForOrigin(home, entered) : undefined;
  const given = withOrigin(entered, sight);
  const warnings = [...originWarnings(sight), ...configWarnings(given)];
  const owner: LeafOwner = { id: newId(), name };
  const sealed = sealConfig(vault, owner, given);
  const isApproved = who.mayApprove && !hasUnknownOrigin(sealed);
  const approvedWalls = isApproved && walls !== undefined ? wallsToApprove(sealed, walls) : null;
  const approval = isApproved ? approvalOf(sealed) : { approvedHash: null, approvedPart: null };
  if (isPreview)
    return presentConnection(
      vault,
      { ...planned(), ...owner, ...sealed, ...approval, approvedWalls, isActive },
      warnings,
    );
  try {
    const row = await db.transaction(async (tx) => {
      const created = await tx.connection.create({
        data: {
          ...owner,
          isActive,
          type: sealed.type,
          config: sealed.config as Prisma.InputJsonValue,
          ...(isApproved ? { ...approvalOf(sealed), approvedWalls } : {}),
        },
      });
      const made = await signRow(tx, created);
      const { actor } = who;
      const secrets = secretLeaves(sealed.config).map(({ path }) => leafLabel(owner, path));
      const approvedHash = made.approvedHash && Buffer.from(made.approvedHash).toString('hex');
      const data = {
        type: sealed.type,
        approved: isApproved,
        approvedHash,
        secrets,
        ...wallsOnRecord(sealed, isApproved ? walls : undefined),
      };
      await recordAudit(tx, { action: 'connection.created', actor, subject: name, data });
      return made;
    });
    log.info({ connection: name, actor: who.actor, approved: isApproved }, 'connection created');
    return presentConnection(vault, readRow(row), warnings);
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    throw new AlfredError('E_CONFLICT', `There is a connection "${name}" already.`, {
      remedy: 'Choose another name, or change the one that there is.',
      fields: [{ field: '/name', message: 'is taken' }],
    });
  }
}

/** The columns of a connection that nobody has kept yet. */
function planned() {
  const now = timeNow();
  return {
    tools: [],
    toolCatalog: [],
    status: 'new' as const,
    lastError: null,
    lastUsedAt: null,
    lastCheckedAt: null,
    createdAt: now,
    updatedAt: now,
    mac: null,
  };
}
