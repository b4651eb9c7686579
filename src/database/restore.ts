import { createReadStream } from 'node:fs';
import { pipeline as composed, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { AlfredError, isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { readAppliedMigrations } from './applied-migrations.ts';
import { applyMigrations } from './apply-migrations.ts';
import { type DumpHeader, headerSchema, lineSchema, rowSchema, textForms } from './dump-format.ts';
import { DumpReader } from './dump-reader.ts';
import { dropPlainIndexes } from './later-indexes.ts';
import { readMigrations } from './migrations.ts';
import { prepareSession } from './prepare-session.ts';
import { readTables } from './tables.ts';

type RestoreOptions = {
  url: string;
  log: Logger;
  /** Told which table begins. */
  onTable?: (name: string) => void;
  /** Those of the program whose database it is; a VM's when left out. */
  migrations?: MigrationList;
};

/**
 * Fills an empty database from a file that dumpDatabase wrote.
 *
 * @throws AlfredError as restoreFrom does
 */
export async function restoreDatabase(
  options: RestoreOptions & { file: string },
): Promise<{ rows: Record<string, number> }> {
  const { file: name } = options;
  const read = (start = 0, end = Number.POSITIVE_INFINITY) => createReadStream(name, { start, end });
  const reader = new DumpReader(readDump({ name, read }));
  return restoreFrom(reader, { ...options, name });
}

/**
 * Fills an empty database from a dump: the migrations that the dump's data is a state of, then the data, in one
 * transaction. Newer migrations follow at the next start (migrate.ts).
 *
 * @param options.name of what is restored, for errors
 * @throws AlfredError E_SCHEMA_NEWER when the dump knows migrations that this program does not; E_CONFLICT when the
 *   database has tables; E_MALFORMED when the dump is none, or is cut off
 */
export async function restoreFrom(
  reader: DumpReader,
  { url, name, log, onTable = () => {}, migrations: known }: RestoreOptions & { name: string },
): Promise<{ rows: Record<string, number> }> {
  const header = await readHeader(reader, name);
  const migrations = migrationsOf(header, known ?? (await readMigrations()));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await prepareSession(client);
    await refuseUnlessEmpty(client, header);
    await applyMigrations(url, migrations, log);
    await client.query('BEGIN');
    await client.query(textForms);
    const indexes = await dropPlainIndexes(client);
    const rows = await fill(client, { reader, header, name, onTable });
    for (const statement of indexes) await client.query(statement);
    await client.query('COMMIT');
    return { rows };
  } finally {
    // Without a COMMIT the data goes with the connection.
    await client.end();
  }
}

/** Where a dump is read from. */
export type DumpSource = { name: string; read(from?: number, to?: number): AsyncIterable<Uint8Array> };

/** The text of a dump. Its first bytes say how it is compressed: gzip before `alfred-dump/2`. */
export async function* readDump({ name, read }: DumpSource): AsyncGenerator<Uint8Array, void> {
  try {
    const head: Uint8Array[] = [];
    for await (const piece of read(0, 1)) head.push(piece);
    const isGzip = Buffer.concat(head).equals(Buffer.from([0x1f, 0x8b]));
    // An error of the source is one of the text, and is thrown where that is read.
    yield* composed(Readable.from(read()), isGzip ? createGunzip() : createZstdDecompress(), () => {});
  } catch (cause) {
    if (isAlfredError(cause)) throw cause;
    throw malformed(name, messageOf(cause), cause);
  }
}

async function readHeader(reader: DumpReader, name: string): Promise<DumpHeader> {
  const header = headerSchema.safeParse(parseJson((await reader.line()) ?? ''));
  if (!header.success) throw malformed(name, 'it does not begin like one', header.error);
  return header.data;
}

function migrationsOf(header: DumpHeader, known: MigrationList): MigrationList {
  const names = known.migrationDirectories.map(({ path }) => path);
  const unknown = header.migrations.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new AlfredError(
      'E_SCHEMA_NEWER',
      `The dump was made by a newer version of Alfred: it knows ${unknown.join(', ')}.`,
      {
        remedy: 'Restore it with the version that made it, or a newer one.',
      },
    );
  }
  return {
    ...known,
    migrationDirectories: known.migrationDirectories.filter(({ path }) => header.migrations.includes(path)),
  };
}

/** Tables without rows, of just the dump's migrations, are what a restore leaves that failed: they may be filled. */
async function refuseUnlessEmpty(client: pg.Client, header: DumpHeader): Promise<void> {
  const tables = await readTables(client);
  if (tables.length === 0) return;
  const filled = tables.map(({ name }) => `EXISTS (SELECT FROM ${pg.escapeIdentifier(name)})`).join(' OR ');
  const { rows } = await client.query<{ filled: boolean }>(`SELECT ${filled} AS filled`);
  const applied = await readAppliedMigrations(client);
  const same = applied.map(({ name }) => name).join() === header.migrations.join();
  if (same && rows[0]?.filled === false) return;
  throw new AlfredError(
    'E_CONFLICT',
    'The database is not empty: a dump is restored into an empty one alone.',
    {
      remedy: 'Name an empty database, or move the folder of the present one aside.',
    },
  );
}

type Filling = { reader: DumpReader; header: DumpHeader; name: string; onTable: (name: string) => void };

/** @returns the rows of each table */
async function fill(client: pg.Client, { reader, header, name, onTable }: Filling) {
  const tables = (await readTables(client)).map((table) => table.name);
  // The rows are history: what guards them against change would refuse some, and tell listeners of all.
  await switchTriggers(client, tables, 'DISABLE');
  const counts: Record<string, number> = {};
  for (;;) {
    const line = lineSchema.safeParse(parseJson((await reader.line()) ?? ''));
    if (!line.success) throw malformed(name, 'it is cut off, or holds a line of an unknown form', line.error);
    if ('rows' in line.data) {
      const { rows } = line.data;
      if (JSON.stringify(rows) !== JSON.stringify(counts)) throw malformed(name, 'rows are missing');
      // Only at its end is an encrypted file known to be whole.
      if ((await reader.line()) !== undefined) throw malformed(name, 'it goes on behind its end');
      break;
    }
    const { table, columns } = line.data;
    if (!tables.includes(table)) throw malformed(name, `it holds a table that is not ours, ${table}`);
    onTable(table);
    const list = columns.map((column) => pg.escapeIdentifier(column.name)).join(', ');
    const copy = client.query(copyFrom(`COPY ${pg.escapeIdentifier(table)} (${list}) FROM STDIN`));
    const rows = header.format === 'alfred-dump/1' ? rowsOfFirstFormat(reader) : reader.rows();
    try {
      await pipeline(Readable.from(rows, { objectMode: false }), copy);
    } catch (cause) {
      // PostgreSQL shows the row that it refuses: a person needs the table alone.
      const code = cause instanceof pg.DatabaseError ? `PostgreSQL refuses a row, ${cause.code}` : undefined;
      throw malformed(name, code ? `${code} in ${table}` : messageOf(cause), code ? undefined : cause);
    }
    counts[table] = copy.rowCount;
  }
  // A table is not altered while a check of its rows is still due: those of conversations refer to one another.
  await client.query('SET CONSTRAINTS ALL IMMEDIATE');
  await switchTriggers(client, tables, 'ENABLE');
  return counts;
}

async function switchTriggers(client: pg.Client, tables: string[], verb: 'DISABLE' | 'ENABLE') {
  for (const table of tables)
    await client.query(`ALTER TABLE ${pg.escapeIdentifier(table)} ${verb} TRIGGER USER`);
}

/** The rows of a table in `alfred-dump/1`, as COPY reads them. */
async function* rowsOfFirstFormat(reader: DumpReader): AsyncGenerator<Buffer, void> {
  for (;;) {
    const line = (await reader.line()) ?? '';
    const row = line.startsWith('[') ? rowSchema.safeParse(parseJson(line)) : undefined;
    if (!row?.success) return reader.putBack(line);
    const fields = row.data.map((value) => (value === null ? '\\N' : escapeForCopy(value)));
    yield Buffer.from(`${fields.join('\t')}\n`);
  }
}

const escaped: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escapeForCopy = (value: string): string =>
  value.replace(/[\\\n\r\t]/g, (each) => escaped[each] ?? each);

/** Undefined for what is no JSON, which the schema of the line then refuses. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const malformed = (name: string, why: string, cause?: unknown): AlfredError =>
  new AlfredError('E_MALFORMED', `${name} is no complete dump: ${why}.`, {
    remedy: 'Name another dump.',
    cause,
  });
