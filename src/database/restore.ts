import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { readLines } from '../kernel/lines.ts';
import type { Logger } from '../kernel/log.ts';
import { readAppliedMigrations } from './applied-migrations.ts';
import { applyMigrations } from './apply-migrations.ts';
import { type DumpHeader, headerSchema, lineSchema, textForms } from './dump-format.ts';
import { readMigrations } from './migrations.ts';
import { readTables } from './tables.ts';

/** PostgreSQL takes at most 65,535 parameters in a statement. */
const parametersAtOnce = 20_000;
const bytesAtOnce = 4 * 1024 * 1024;

type RestoreOptions = { url: string; file: string; log: Logger };

/**
 * Fills an empty database from a dump: the migrations that the dump's data is a state of, then the data, in one
 * transaction. Newer migrations follow at the next start (migrate.ts).
 *
 * @throws AlfredError E_SCHEMA_NEWER when the dump knows migrations that this program does not; E_CONFLICT when the
 *   database has tables; E_MALFORMED when the dump is none, or is cut off
 */
export async function restoreDatabase({
  url,
  file,
  log,
}: RestoreOptions): Promise<{ rows: Record<string, number> }> {
  const lines = readDump(file);
  const header = await readHeader(lines, file);
  const migrations = await migrationsOf(header);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await refuseUnlessEmpty(client, header);
    await applyMigrations(url, migrations, log);
    await client.query('BEGIN');
    await client.query(textForms);
    const rows = await fill(client, lines, file);
    await client.query('COMMIT');
    return { rows };
  } finally {
    // Without a COMMIT the data goes with the connection.
    await client.end();
  }
}

async function* readDump(file: string): AsyncGenerator<unknown, void> {
  try {
    const source = createReadStream(file);
    const text = createGunzip();
    // An error of the file is one of the text, or nobody would hear it.
    source.on('error', (error) => text.destroy(error));
    for await (const line of readLines(source.pipe(text))) {
      yield JSON.parse(line);
    }
  } catch (cause) {
    throw malformed(file, messageOf(cause), cause);
  }
}

async function readHeader(lines: AsyncGenerator<unknown, void>, file: string): Promise<DumpHeader> {
  const first = await lines.next();
  const header = headerSchema.safeParse(first.value);
  if (!header.success) throw malformed(file, 'it does not begin like one', header.error);
  return header.data;
}

async function migrationsOf(header: DumpHeader) {
  const known = await readMigrations();
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

/** @returns the rows of each table */
async function fill(
  client: pg.Client,
  lines: AsyncIterable<unknown>,
  file: string,
): Promise<Record<string, number>> {
  const tables = await readTables(client);
  // The rows are history: what guards them against change would refuse some, and tell listeners of all.
  for (const { name } of tables)
    await client.query(`ALTER TABLE ${pg.escapeIdentifier(name)} DISABLE TRIGGER USER`);
  const counts: Record<string, number> = {};
  let insert: ReturnType<typeof createInsert> | undefined;
  let complete = false;
  for await (const json of lines) {
    const line = lineSchema.safeParse(json);
    if (!line.success) throw malformed(file, 'it holds a line of an unknown form', line.error);
    if (Array.isArray(line.data)) {
      if (line.data.length !== insert?.columns) throw malformed(file, 'a row does not fit its table');
      await insert.add(line.data);
      continue;
    }
    await insert?.flush();
    if ('rows' in line.data) {
      complete = JSON.stringify(line.data.rows) === JSON.stringify(counts);
      break;
    }
    const { table, columns } = line.data;
    counts[table] = 0;
    insert = createInsert(
      client,
      table,
      columns.map(({ name }) => name),
      (count) => {
        counts[table] = (counts[table] ?? 0) + count;
      },
    );
  }
  if (!complete) throw malformed(file, 'it is cut off, or rows are missing');
  for (const { name } of tables)
    await client.query(`ALTER TABLE ${pg.escapeIdentifier(name)} ENABLE TRIGGER USER`);
  return counts;
}

function createInsert(
  client: pg.Client,
  table: string,
  columns: string[],
  onInserted: (rows: number) => void,
) {
  const into = `INSERT INTO ${pg.escapeIdentifier(table)} (${columns.map(pg.escapeIdentifier).join(', ')}) VALUES `;
  let values: (string | null)[] = [];
  let bytes = 0;
  const flush = async () => {
    if (values.length === 0) return;
    const rows = values.length / columns.length;
    const tuples = Array.from({ length: rows }, (_, row) => {
      const numbers = columns.map((_column, column) => `$${row * columns.length + column + 1}`);
      return `(${numbers.join(', ')})`;
    });
    await client.query(into + tuples.join(', '), values);
    onInserted(rows);
    values = [];
    bytes = 0;
  };
  return {
    columns: columns.length,
    flush,
    async add(row: (string | null)[]) {
      values.push(...row);
      bytes += row.reduce((sum, value) => sum + (value?.length ?? 0), 0);
      if (values.length + columns.length > parametersAtOnce || bytes > bytesAtOnce) await flush();
    },
  };
}

const malformed = (file: string, why: string, cause?: unknown): AlfredError =>
  new AlfredError('E_MALFORMED', `${file} is no complete dump: ${why}.`, {
    remedy: 'Name another dump.',
    cause,
  });
