/** A connection's row, read once and typed. */
import { z } from 'zod';
import type { ConnectionType } from '../contract/connection-types.ts';
import { type PinnedTool, pinnedToolSchema } from '../contract/connections.ts';
import type { Prisma, Transaction } from '../database/client.ts';
import { withLargeText } from '../database/large-texts.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { CanonicalJson } from '../kernel/hash.ts';
import { rowAltered, rowGuardOf } from '../vault/row-guard.ts';
import { sealedPrefix } from '../vault/seal.ts';
import { secretLeaves } from './config/leaves.ts';
import { parseConfig, type TypedConfig } from './config/typed-config.ts';

const catalogSchema = z.array(pinnedToolSchema);

type RawRow = Prisma.ConnectionGetPayload<object>;

/** Every secret of its config is sealed. */
export type ConnectionRow<T extends ConnectionType = ConnectionType> = Omit<
  RawRow,
  'config' | 'toolCatalog' | 'type'
> & { toolCatalog: PinnedTool[] } & TypedConfig<T>;

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

/**
 * The row of a connection that is acted on.
 *
 * @throws AlfredError E_NOT_FOUND, or E_ROW_ALTERED when it is not as this VM wrote it
 */
export async function findRow(db: Transaction, name: string): Promise<ConnectionRow> {
  const row = await db.connection.findUnique({ where: { name } });
  if (row === null) throw notFound(name);
  rowGuardOf(db).check('connections', row);
  return readRow(row);
}

/** As `findRow`; undefined also where the row is not as this VM wrote it. */
export async function findIntactRow(db: Transaction, name: string): Promise<ConnectionRow | undefined> {
  const row = await db.connection.findUnique({ where: { name } });
  return row === null || !isIntact(db, row) ? undefined : readRow(row);
}

/** The row of a connection that is looked at: one that somebody else changed is shown, with that as its error. */
export async function findShownRow(db: Transaction, name: string): Promise<ConnectionRow> {
  const row = await db.connection.findUnique({ where: { name } });
  if (row === null) throw notFound(name);
  return readShownRow(db, row);
}

/** As `readRow`; of a row that is not as this VM wrote it no part counts as approved, and no tool as known. */
export function readShownRow(db: Pick<Transaction, 'connection'>, row: RawRow): ConnectionRow {
  if (isIntact(db, row)) return readRow(row);
  const { message, remedy } = rowAltered('connections', row.name);
  const refused = {
    ...row,
    tools: [],
    toolCatalog: [],
    approvedHash: null,
    approvedPart: null,
    approvedWalls: null,
    status: 'error' as const,
    lastError: `E_ROW_ALTERED: ${message} ${remedy ?? ''}`,
  };
  try {
    return readRow(refused);
  } catch {
    // What stands there is no config of its type: there is nothing of it to show.
    return readRow({ ...refused, type: 'mcp_stdio', config: { command: '(altered)' } });
  }
}

export const isIntact = (db: Pick<Transaction, 'connection'>, row: RawRow): boolean =>
  rowGuardOf(db).isIntact('connections', row);

/** Signs a row as it was just written. Not through the client's `update`, which would count as a change (its ETag). */
export async function signRow(tx: Transaction, row: RawRow): Promise<RawRow> {
  const mac = rowGuardOf(tx).sign('connections', row);
  await tx.$executeRaw`UPDATE connections SET mac = ${mac} WHERE id = ${row.id}::uuid`;
  return { ...row, mac };
}

/**
 * Writes down the tools of a row, and signs it with them. As text, past the client, which walks through each value of JSON
 * that it is given and gives all of it back: that is a third of what the largest documents take.
 *
 * @param row as it was just written, without the tools
 * @param toolCatalog `PinnedTool`s
 * @returns what `versionOf` says of the row from now on, until somebody writes it again
 */
export async function writeCatalog(
  tx: Transaction,
  row: Omit<RawRow, 'toolCatalog'>,
  toolCatalog: CanonicalJson,
): Promise<string | undefined> {
  const mac = rowGuardOf(tx).sign('connections', { ...row, toolCatalog });
  const [written] = await withLargeText(
    toolCatalog.utf8,
    (text) => tx.$queryRaw<{ version: string }[]>`
      UPDATE connections SET tool_catalog = ${text}::text::jsonb, mac = ${mac}
      WHERE id = ${row.id}::uuid RETURNING xmin::text AS version`,
  );
  return written?.version;
}

/** Which transaction wrote the row last, whoever that was; undefined where there is no such row. */
export async function versionOf(db: Transaction, name: string): Promise<string | undefined> {
  const [row] = await db.$queryRaw<{ version: string }[]>`
    SELECT xmin::text AS version FROM connections WHERE name = ${name}`;
  return row?.version;
}

/** What an ETag of a connection is made of. */
const revisionOf = ({ updatedAt }: { updatedAt: Date }): string => updatedAt.toISOString();

/** Whether this revision is one that the writer has seen; any will do when left out. */
export type IsExpected = ((revision: string) => boolean) | undefined;

/**
 * The row, held until the transaction ends.
 *
 * @throws AlfredError E_NOT_FOUND, E_ROW_ALTERED, or E_PRECONDITION when the writer saw another revision than the present one
 */
export async function lockRow(
  tx: Transaction,
  name: string,
  isExpected?: IsExpected,
): Promise<ConnectionRow> {
  await tx.$queryRaw`SELECT 1 FROM connections WHERE name = ${name} FOR UPDATE`;
  return expected(await findRow(tx, name), isExpected);
}

/** As `lockRow`, also of a row that somebody else changed, of which there is the id alone: to remove it. */
export async function lockToRemove(
  tx: Transaction,
  name: string,
  isExpected?: IsExpected,
): Promise<{ id: string; intact: ConnectionRow | undefined }> {
  const [held] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM connections WHERE name = ${name} FOR UPDATE`;
  if (held === undefined) throw notFound(name);
  const row = await tx.connection.findUniqueOrThrow({ where: { id: held.id } });
  const shown = expected(readShownRow(tx, row), isExpected);
  return { id: row.id, intact: isIntact(tx, row) ? shown : undefined };
}

function expected(row: ConnectionRow, isExpected: IsExpected): ConnectionRow {
  if (isExpected !== undefined && !isExpected(revisionOf(row))) {
    throw new AlfredError('E_PRECONDITION', `The connection "${row.name}" was changed since it was read.`, {
      remedy: 'Read it again, make the change on what it is now, and send that.',
    });
  }
  return row;
}

const notFound = (name: string) =>
  new AlfredError('E_NOT_FOUND', `There is no connection "${name}".`, {
    remedy: 'See what there is with: npx alfred connection list',
  });
