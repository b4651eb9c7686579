/** A connection's row, read once and typed. */
import { z } from 'zod';
import { type PinnedTool, pinnedToolSchema } from '../contract/connections.ts';
import type { Prisma, Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { secretLeaves } from '../vault/leaves.ts';
import { sealedPrefix } from '../vault/seal.ts';
import { parseConfig, type TypedConfig } from './typed-config.ts';

const catalogSchema = z.array(pinnedToolSchema);

type RawRow = Prisma.ConnectionGetPayload<object>;

/** Every secret of its config is sealed. */
export type ConnectionRow = Omit<RawRow, 'config' | 'toolCatalog' | 'type'> & {
  toolCatalog: PinnedTool[];
} & TypedConfig;

/** @throws AlfredError E_SEALED_VALUE when a secret stands open in the row: nothing of it is used or shown then */
export function readRow(row: RawRow): ConnectionRow {
  const typed = parseConfig(row.type, row.config);
  if (secretLeaves(typed.config).some(({ value }) => !value.startsWith(sealedPrefix))) {
    throw new AlfredError('E_SEALED_VALUE', `A secret of "${row.name}" is not sealed.`, {
      remedy: 'Remove the connection, and add it again with new secrets.',
    });
  }
  return { ...row, ...typed, toolCatalog: catalogSchema.parse(row.toolCatalog) };
}

/** @throws AlfredError E_NOT_FOUND */
export async function findRow(db: Transaction, name: string): Promise<ConnectionRow> {
  const row = await db.connection.findUnique({ where: { name } });
  if (row === null) throw notFound(name);
  return readRow(row);
}

/** What an ETag of a connection is made of. */
export const revisionOf = ({ updatedAt }: { updatedAt: Date }): string => updatedAt.toISOString();

/** Whether this revision is one that the writer has seen; any will do when left out. */
export type IsExpected = ((revision: string) => boolean) | undefined;

/**
 * The row, held until the transaction ends.
 *
 * @throws AlfredError E_NOT_FOUND, or E_PRECONDITION when the writer saw another revision than the present one
 */
export async function lockRow(
  tx: Transaction,
  name: string,
  isExpected?: IsExpected,
): Promise<ConnectionRow> {
  await tx.$queryRaw`SELECT 1 FROM connections WHERE name = ${name} FOR UPDATE`;
  const row = await findRow(tx, name);
  if (isExpected !== undefined && !isExpected(revisionOf(row))) {
    throw new AlfredError('E_PRECONDITION', `The connection "${name}" was changed since it was read.`, {
      remedy: 'Read it again, make the change on what it is now, and send that.',
    });
  }
  return row;
}

const notFound = (name: string) =>
  new AlfredError('E_NOT_FOUND', `There is no connection "${name}".`, {
    remedy: 'See what there is with: npx alfred connection list',
  });
