import type { Connection, ConnectionInput } from '../contract/connections.ts';
import { Prisma } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { validationError } from '../kernel/validate.ts';
import { approvalHash } from './approval.ts';
import { configProblems, configWarnings } from './check-config.ts';
import { sealSecret } from './config-secrets.ts';
import { readRow, type StoredStdioConfig } from './connection-row.ts';
import type { ConnectionDeps } from './pool.ts';
import { presentConnection } from './present-connection.ts';

/** Who asks: only one who may approve thereby approves what the connection starts. */
export type Who = { actor: string; mayApprove: boolean };

/**
 * Keeps a connection, its secrets sealed. Starts nothing.
 *
 * @throws AlfredError E_VALIDATION, or E_CONFLICT when the name is taken
 */
export async function createConnection(
  deps: ConnectionDeps,
  input: ConnectionInput,
  who: Who,
): Promise<Connection> {
  const { db, vault, log, home } = deps;
  const { name, type, config, isActive } = input;
  const problems = configProblems(config, { home });
  if (problems.length > 0) throw validationError('The connection', problems);

  const owner = { id: newId(), name };
  const stored: StoredStdioConfig = {
    ...config,
    env: Object.fromEntries(
      Object.entries(config.env).map(([field, value]) => [
        field,
        typeof value === 'string' ? sealSecret(vault, owner, 'env', field, value) : value,
      ]),
    ),
    secrets: Object.fromEntries(
      Object.entries(config.secrets).map(([field, value]) => [
        field,
        sealSecret(vault, owner, 'secrets', field, value),
      ]),
    ),
  };
  try {
    const row = await db.prisma.connection.create({
      data: {
        ...owner,
        type,
        isActive,
        config: stored as Prisma.InputJsonValue,
        approvedHash: who.mayApprove ? Uint8Array.from(approvalHash({ type, config: stored })) : null,
      },
    });
    log.info({ connection: name, actor: who.actor, approved: who.mayApprove }, 'connection created');
    return presentConnection(vault, readRow(row), configWarnings(config));
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    throw new AlfredError('E_CONFLICT', `There is a connection "${name}" already.`, {
      remedy: 'Choose another name, or change the one that there is.',
      fields: [{ field: '/name', message: 'is taken' }],
    });
  }
}
