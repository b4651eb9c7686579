/** A connection's row, read once and typed. */
import { z } from 'zod';
import { type PinnedTool, pinnedToolSchema, stdioConfigSchema } from '../contract/connections.ts';
import type { Prisma, Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';

const sealedSchema = z.string().startsWith('encrypted:');

/** `config` of an `mcp_stdio` row: as it was given, with every secret sealed. */
export const storedStdioSchema = stdioConfigSchema.extend({
  env: z.record(z.string(), z.union([sealedSchema, z.object({ plain: z.string() })])),
  secrets: z.record(z.string(), sealedSchema),
});
export type StoredStdioConfig = z.infer<typeof storedStdioSchema>;

const catalogSchema = z.array(pinnedToolSchema);

type RawRow = Prisma.ConnectionGetPayload<object>;

export type ConnectionRow = Omit<RawRow, 'config' | 'toolCatalog' | 'type'> & {
  type: 'mcp_stdio';
  config: StoredStdioConfig;
  toolCatalog: PinnedTool[];
};

/** @throws AlfredError E_CONNECTION_FAILED for a type that this version cannot open */
export function readRow(row: RawRow): ConnectionRow {
  if (row.type !== 'mcp_stdio') {
    throw new AlfredError(
      'E_CONNECTION_FAILED',
      `"${row.name}" is of type ${row.type}, which this version cannot open.`,
      {
        remedy: 'Update Alfred VM, or make the connection as mcp_stdio.',
      },
    );
  }
  return {
    ...row,
    type: row.type,
    config: storedStdioSchema.parse(row.config),
    toolCatalog: catalogSchema.parse(row.toolCatalog),
  };
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
