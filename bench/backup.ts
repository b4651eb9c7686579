/**
 * A backup beside `pg_dump -Fc | zstd` of the same database in the same run, and its restore beside `zstd -d | pg_restore`: time and
 * bytes, as ratios; and the memory that both take above what the process had. On Debian's PostgreSQL, as its programs refuse a newer
 * server.
 *
 *   node bench/backup.ts [executions] [rounds] [turns]     a million, three, and traces without a turn when left out
 *   … --alone                                              the backup's time and memory alone, as for a database of many GB
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import pg from 'pg';
import { createBackup } from '../src/backup/create-backup.ts';
import { folderPlace, openFile } from '../src/backup/folder-place.ts';
import { openBackup } from '../src/backup/open-backup.ts';
import { stageHome } from '../src/backup/stage.ts';
import { openDatabase } from '../src/database/client.ts';
import { migrateDatabase } from '../src/database/migrate.ts';
import { createLogger } from '../src/kernel/log.ts';
import { openVault } from '../src/vault/open-vault.ts';
import { debianBinaries, startDebianPostgres } from '../tests/helpers/debian-postgres.ts';
import { seedExecutions } from './seed-executions.ts';

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: { alone: { type: 'boolean', default: false } },
});
const [rows = 1_000_000, rounds = 3, turns = 0] = positionals.map(Number);
const secrets = 10_000;
const binaries = debianBinaries();
if (binaries === undefined) throw new Error('Debian’s PostgreSQL is not installed here');
const programs = binaries;

const server = await startDebianPostgres(programs);
const home = await mkdtemp(path.join(tmpdir(), 'alfred-bench-'));
const settings = { home, rootKey: { credentialsDirectory: undefined, file: undefined, value: undefined } };
const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const identity = await generateX25519Identity();
const recipients = [await identityToRecipient(identity)];
try {
  await migrateDatabase({ url: server.url, home, log });
  const databaseBytes = await seed();
  const times = { ours: [] as number[], theirs: [] as number[] };
  const restores = { ours: [] as number[], theirs: [] as number[] };
  const bytes = { ours: 0, theirs: 0 };
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  for (let round = 0; round < rounds; round++) {
    const [theirs, ours] = [path.join(home, `${round}.zst`), `${round}.age`];
    const pipe = `'${programs}/pg_dump' -Fc '${server.url}' | zstd -q -o '${theirs}'`;
    if (!flags.alone) times.theirs.push(await timed(() => run(pipe)));
    times.ours.push(
      await timed(() =>
        createBackup(
          { url: server.url, settings },
          { place: folderPlace(home), name: ours, to: { recipients } },
        ),
      ),
    );
    bytes.ours = (await stat(path.join(home, ours))).size;
    if (flags.alone) {
      await rm(path.join(home, ours));
      continue;
    }
    bytes.theirs = (await stat(theirs)).size;
    restores.theirs.push(
      await intoNew((url) =>
        run(`zstd -dqc '${theirs}' | '${programs}/pg_restore' --exit-on-error -d '${url}'`),
      ),
    );
    restores.ours.push(await intoNew((url) => restore(path.join(home, ours), url)));
    for (const file of [theirs, path.join(home, ours)]) await rm(file);
  }
  clearInterval(watch);
  const median = (all: number[]) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0;
  const seconds = (all: number[]) => `${(median(all) / 1000).toFixed(1)} s`;
  const ratio = (all: typeof times) => (median(all.ours) / median(all.theirs)).toFixed(2);
  console.log(`${rows} executions of ${turns} turns, ${secrets} secrets, ${rounds} rounds`);
  console.log(`the database           ${(databaseBytes / 1e9).toFixed(2)} GB`);
  console.log(`backup                 ${seconds(times.ours)}, ${(bytes.ours / 1e6).toFixed(1)} MB`);
  if (!flags.alone) {
    console.log(`pg_dump -Fc | zstd     ${seconds(times.theirs)}, ${(bytes.theirs / 1e6).toFixed(1)} MB`);
    console.log(
      `ratio                  time ${ratio(times)}, bytes ${(bytes.ours / bytes.theirs).toFixed(2)}`,
    );
    console.log(`restore                ${seconds(restores.ours)}`);
    console.log(`zstd -d | pg_restore   ${seconds(restores.theirs)}`);
    console.log(`ratio                  time ${ratio(restores)}`);
  }
  console.log(`memory                 ${((peak - idle) / 1e6).toFixed(0)} MB above idle`);
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true });
}

/** @returns how many bytes the database takes */
async function seed(): Promise<number> {
  const db = await openDatabase(server.url);
  try {
    const vault = await openVault({ db, settings, log });
    // A backup has nothing of an index, and a restore makes all of them.
    await seedExecutions(db, rows, console.log, { turns, searchable: !flags.alone });
    const data = Array.from({ length: secrets }, (_, index) => {
      const key = `bench_${index}_token`;
      const place = { table: 'config', rowId: key, pointer: '/value' };
      return { key, value: vault.seal(place, `a secret of the bench, number ${index}`, key) };
    });
    await db.prisma.config.createMany({ data });
    const { rows: sizes } = await db.pool.query<{ bytes: string }>(
      'SELECT pg_database_size(current_database()) AS bytes',
    );
    return Number(sizes[0]?.bytes);
  } finally {
    await db.close();
  }
}

/** Times what fills a database, which is made and removed beside. */
async function intoNew(fill: (url: string) => Promise<unknown>): Promise<number> {
  const url = new URL(server.url);
  url.pathname = '/restored';
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query('CREATE DATABASE restored TEMPLATE template0');
    return await timed(() => fill(url.href));
  } finally {
    await client.query('DROP DATABASE restored WITH (FORCE)');
    await client.end();
  }
}

async function restore(file: string, databaseUrl: string): Promise<void> {
  const backup = await openBackup(await openFile(file), { identities: [identity] });
  const kind = 'restoring';
  const stage = await stageHome(backup, {
    ...{ home: path.join(home, 'other'), kind, log, databaseUrl },
    onProgress: () => {},
  });
  await stage.remove();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function run(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
  });
}
