import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { timeNow } from '../kernel/clock.ts';
import { writeWhole } from '../kernel/write-whole.ts';
import { readAppliedMigrations } from './applied-migrations.ts';
import { type DumpHeader, dumpFormat, endOfRows, textForms } from './dump-format.ts';
import { prepareSession } from './prepare-session.ts';
import { readTables, type Table } from './tables.ts';

/** A connection that sees the database as it was at one moment, until it is closed. */
export type Snapshot = { client: pg.Client; close(): Promise<void> };

/** @param url of the database, which goes on working meanwhile */
export async function openSnapshot(url: string): Promise<Snapshot> {
  const client = new pg.Client({ connectionString: url });
  // A connection that breaks between two statements is told by the next one.
  client.on('error', () => {});
  await client.connect();
  try {
    await prepareSession(client);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(textForms);
  } catch (error) {
    await client.end();
    throw error;
  }
  return { client, close: () => client.end() };
}

/**
 * All tables as `snapshot` sees them, in the lines of dump-format.ts. Never more than some pieces of it are in memory.
 *
 * @param onTable told which table begins
 */
export async function* dumpTables(
  { client }: Snapshot,
  onTable: (name: string) => void = () => {},
): AsyncGenerator<Uint8Array | string, void> {
  yield lineOf(await readHeader(client));
  const copies: [string, { rowCount: number }][] = [];
  for (const table of await readTables(client)) {
    onTable(table.name);
    yield lineOf({ table: table.name, columns: table.columns });
    const rows = client.query(copyTo(`COPY ${selectionOf(table)} TO STDOUT`));
    copies.push([table.name, rows]);
    yield* rows;
    yield `${endOfRows}\n`;
  }
  // Of the last copy the number of rows may come behind its rows: by the answer to another statement it is there.
  await client.query('SELECT 1');
  yield lineOf({ rows: Object.fromEntries(copies.map(([name, { rowCount }]) => [name, rowCount])) });
}

/**
 * Writes all tables, as they are at one moment, to `file` (0600): whole or not at all.
 *
 * @param url of the database, which goes on working meanwhile
 */
export async function dumpDatabase(url: string, file: string): Promise<void> {
  const snapshot = await openSnapshot(url);
  try {
    await writeWhole(path.resolve(file), (unfinished) =>
      pipeline(
        Readable.from(dumpTables(snapshot), { objectMode: false }),
        createZstdCompress(),
        createWriteStream(unfinished, { mode: 0o600 }),
      ),
    );
  } finally {
    await snapshot.close();
  }
}

const lineOf = (line: unknown): string => `${JSON.stringify(line)}\n`;

/** Generated columns are left out: they make themselves. */
const selectionOf = ({ name, columns }: Table): string =>
  `${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column.name)).join(', ')})`;

async function readHeader(client: pg.Client): Promise<DumpHeader> {
  const { rows } = await client.query<{ server: string }>(
    "SELECT current_setting('server_version') AS server",
  );
  const applied = await readAppliedMigrations(client);
  return {
    format: dumpFormat,
    createdAt: timeNow().toISOString(),
    server: rows[0]?.server ?? '',
    migrations: applied.filter(({ state }) => state === 'applied').map(({ name }) => name),
  };
}
