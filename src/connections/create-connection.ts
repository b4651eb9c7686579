import { recordAudit } from '../audit/record-audit.ts';
import type { Connection, ConnectionInput } from '../contract/connections.ts';
import { Prisma } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { validationError } from '../kernel/validate.ts';
import { type LeafOwner, leafLabel, secretLeaves } from '../vault/leaves.ts';
import { approvalOf } from './approval.ts';
import { configProblems, configWarnings } from './check-config.ts';
import { sealConfig } from './config-secrets.ts';
import { readRow } from './connection-row.ts';
import type { ConnectionDeps } from './pool.ts';
import { presentConnection } from './present-connection.ts';
import { normalConfig } from './typed-config.ts';

/** Addresses under /api/v1/connections that are not a connection's. */
export const reservedNames: readonly string[] = ['import', 'export'];

/** Who asks: only one who may approve thereby approves what the connection starts. */
export type Who = { actor: string; mayApprove: boolean };

/**
 * Keeps a connection, its secrets sealed. Starts and dials nothing.
 *
 * @param options.isComplete false for an import, whose secrets may be entered later
 * @throws AlfredError E_VALIDATION, or E_CONFLICT when the name is taken
 */
export async function createConnection(
  deps: ConnectionDeps,
  input: ConnectionInput,
  who: Who,
  { isComplete = true }: { isComplete?: boolean } = {},
): Promise<Connection> {
  const { db, vault, log, home } = deps;
  const { name, isActive } = input;
  const given = normalConfig(input);
  const problems = [
    ...configProblems(given, { home, isComplete }),
    ...(reservedNames.includes(name)
      ? [{ field: '/name', message: 'is a word of the API; choose another' }]
      : []),
  ];
  if (problems.length > 0) throw validationError('The connection', problems);

  const owner: LeafOwner = { id: newId(), name };
  const sealed = sealConfig(vault, owner, given);
  try {
    const row = await db.transaction(async (tx) => {
      const made = await tx.connection.create({
        data: {
          ...owner,
          isActive,
          type: sealed.type,
          config: sealed.config as Prisma.InputJsonValue,
          ...(who.mayApprove ? approvalOf(sealed) : {}),
        },
      });
      const { actor, mayApprove } = who;
      const secrets = secretLeaves(sealed.config).map(({ path }) => leafLabel(owner, path));
      const data = { type: sealed.type, approved: mayApprove, secrets };
      await recordAudit(tx, { action: 'connection.created', actor, subject: name, data });
      return made;
    });
    log.info({ connection: name, actor: who.actor, approved: who.mayApprove }, 'connection created');
    return presentConnection(vault, readRow(row), configWarnings(given));
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    throw new AlfredError('E_CONFLICT', `There is a connection "${name}" already.`, {
      remedy: 'Choose another name, or change the one that there is.',
      fields: [{ field: '/name', message: 'is taken' }],
    });
  }
}
