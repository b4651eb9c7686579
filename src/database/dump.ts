import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { readAppliedMigrations } from './applied-migrations.ts';
import { type DumpHeader, dumpFormat, textForms } from './dump-format.ts';
import { readTables, type Table } from './tables.ts';

/** Rows of a batch, and how many bytes of one make the next smaller: a single trace may have many megabytes. */
const batchRows = 500;
const batchBytes = 4 * 1024 * 1024;

/**
 * Writes all tables, as they are at one moment, to `file` (0600): whole or not at all.
 *
 * @param url of the database, which goes on working meanwhile
 */
export async function dumpDatabase(url: string, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${randomBytes(4).toString('hex')}.part`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(textForms);
    const gzip = createGzip();
    const disk = gzip.pipe(createWriteStream(unfinished, { mode: 0o600 }));
    const write = async (line: unknown) => {
      if (!gzip.write(`${JSON.stringify(line)}\n`)) await once(gzip, 'drain');
    };
    await write(await readHeader(client));
    const rows: Record<string, number> = {};
    for (const table of await readTables(client)) rows[table.name] = await dumpTable(client, table, write);
    await write({ rows });
    gzip.end();
    await finished(disk);
    await syncToDisk(unfinished);
    await rename(unfinished, file);
  } finally {
    await client.end();
    await rm(unfinished, { force: true });
  }
}

async function readHeader(client: pg.Client): Promise<DumpHeader> {
  const { rows } = await client.query<{ server: string }>(
    "SELECT current_setting('server_version') AS server",
  );
  const applied = await readAppliedMigrations(client);
  return {
    format: dumpFormat,
    createdAt: new Date().toISOString(),
    server: rows[0]?.server ?? '',
    migrations: applied.filter(({ state }) => state === 'applied').map(({ name }) => name),
  };
}

/** @returns how many rows it has */
async function dumpTable(
  client: pg.Client,
  { name, columns }: Table,
  write: (line: unknown) => Promise<void>,
): Promise<number> {
  await write({ table: name, columns });
  const list = columns.map((column) => `${pg.escapeIdentifier(column.name)}::text`).join(', ');
  await client.query(`DECLARE dump NO SCROLL CURSOR FOR SELECT ${list} FROM ${pg.escapeIdentifier(name)}`);
  let count = 0;
  for (let size = 10; ; ) {
    const { rows } = await client.query<(string | null)[]>({
      text: `FETCH ${size} FROM dump`,
      rowMode: 'array',
    });
    if (rows.length === 0) break;
    for (const row of rows) await write(row);
    count += rows.length;
    const bytes = rows.flat().reduce((sum, value) => sum + (value?.length ?? 0), 0);
    size = Math.max(1, Math.min(batchRows, Math.floor((size * batchBytes) / Math.max(bytes, 1)), size * 4));
  }
  await client.query('CLOSE dump');
  return count;
}

async function syncToDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
