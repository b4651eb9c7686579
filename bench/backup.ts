/**
 * A backup beside `pg_dump -Fc | zstd` of the same database in the same run, and its restore beside `zstd -d | pg_restore`: time and
 * bytes, as ratios; and the time of processors that each side takes, with its server's, which says more on a machine that does other
 * things meanwhile. On Linux and Debian's PostgreSQL, as its programs refuse a newer server.
 *
 *   node bench/backup.ts [executions] [rounds] [turns]     a million, three, and traces without a turn when left out
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

const [rows = 1_000_000, rounds = 3, turns = 0] = process.argv.slice(2).map(Number);
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
  const postmaster = await postmasterOf(server.url);
  const times: Times = { ours: [], theirs: [] };
  const restores: Times = { ours: [], theirs: [] };
  const bytes = { ours: 0, theirs: 0 };
  for (let round = 0; round < rounds; round++) {
    const [theirs, ours] = [path.join(home, `${round}.zst`), `${round}.age`];
    const pipe = `'${programs}/pg_dump' -Fc '${server.url}' | zstd -q -o '${theirs}'`;
    times.theirs.push(await timed(postmaster, () => run(pipe)));
    times.ours.push(
      await timed(postmaster, () =>
        createBackup(
          { url: server.url, settings },
          { place: folderPlace(home), name: ours, to: { recipients } },
        ),
      ),
    );
    bytes.ours = (await stat(path.join(home, ours))).size;
    bytes.theirs = (await stat(theirs)).size;
    restores.theirs.push(
      await intoNew(postmaster, (url) =>
        run(`zstd -dqc '${theirs}' | '${programs}/pg_restore' --exit-on-error -d '${url}'`),
      ),
    );
    restores.ours.push(await intoNew(postmaster, (url) => restore(path.join(home, ours), url)));
    for (const file of [theirs, path.join(home, ours)]) await rm(file);
  }
  const median = (all: Took[], what: keyof Took) =>
    all.map((took) => took[what]).toSorted((a, b) => a - b)[all.length >> 1] ?? 0;
  const seconds = (all: Took[]) =>
    `${(median(all, 'ms') / 1000).toFixed(1)} s, ${(median(all, 'cpuMs') / 1000).toFixed(1)} s of processors`;
  const ratioOf = ({ ours, theirs }: Times, what: keyof Took) =>
    (median(ours, what) / median(theirs, what)).toFixed(2);
  const ratio = (all: Times) => `${ratioOf(all, 'ms')}, of processors ${ratioOf(all, 'cpuMs')}`;
  console.log(`${rows} executions of ${turns} turns, ${secrets} secrets, ${rounds} rounds`);
  console.log(`the database           ${(databaseBytes / 1e9).toFixed(2)} GB`);
  console.log(`backup                 ${seconds(times.ours)}, ${(bytes.ours / 1e6).toFixed(1)} MB`);
  console.log(`pg_dump -Fc | zstd     ${seconds(times.theirs)}, ${(bytes.theirs / 1e6).toFixed(1)} MB`);
  console.log(`ratio                  time ${ratio(times)}, bytes ${(bytes.ours / bytes.theirs).toFixed(2)}`);
  console.log(`restore                ${seconds(restores.ours)}`);
  console.log(`zstd -d | pg_restore   ${seconds(restores.theirs)}`);
  console.log(`ratio                  time ${ratio(restores)}`);
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true });
}

/** @returns how many bytes the database takes */
async function seed(): Promise<number> {
  const db = await openDatabase(server.url);
  try {
    const vault = await openVault({ db, settings, log });
    await seedExecutions(db, rows, console.log, { turns });
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
async function intoNew(postmaster: number, fill: (url: string) => Promise<unknown>): Promise<Took> {
  const url = new URL(server.url);
  url.pathname = '/restored';
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query('CREATE DATABASE restored TEMPLATE template0');
    return await timed(postmaster, () => fill(url.href));
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

/** How long something took, and the time of processors: ours, of what we started, and of the server. */
type Took = { ms: number; cpuMs: number };
type Times = { ours: Took[]; theirs: Took[] };

async function timed(postmaster: number, work: () => Promise<unknown>): Promise<Took> {
  const [began, before] = [performance.now(), cpuMs(postmaster)];
  await work();
  const ms = performance.now() - began;
  // A connection's process is counted by the one that waits for it.
  await sleep(500);
  return { ms, cpuMs: cpuMs(postmaster) - before };
}

/** What this process and the server have used until now, with all that they started and that has ended. */
function cpuMs(postmaster: number): number {
  return [process.pid, postmaster].reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    // In hundredths of a second: in the program, in the system, and the same of what it waited for.
    return sum + fields.slice(11, 15).reduce((all, field) => all + Number(field) * 10, 0);
  }, 0);
}

async function postmasterOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const status = readFileSync(`/proc/${rows[0]?.pid}/status`, 'utf8');
  await client.end();
  return Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
}

function run(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
  });
}
