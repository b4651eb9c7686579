/**
 * The memory of `alfred backup create`, as the system counts it at its highest (VmHWM), for a small database and for large ones:
 * above what the same command takes for an empty one. It must not grow with the database.
 *
 *   node bench/backup-memory.ts [executions …]     ten thousand and a hundred thousand, of 5 kB each, when left out
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { openDatabase } from '../src/database/client.ts';
import { migrateDatabase } from '../src/database/migrate.ts';
import { createLogger } from '../src/kernel/log.ts';
import { openVault } from '../src/vault/open-vault.ts';
import { debianBinaries, startDebianPostgres } from '../tests/helpers/debian-postgres.ts';
import { seedExecutions } from './seed-executions.ts';

/** Of a model, in each trace. */
const turns = 7;
const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [10_000, 100_000];

const program = path.resolve(import.meta.dirname, '../bin/alfred.js');
const binaries = debianBinaries();
if (binaries === undefined) throw new Error('Debian’s PostgreSQL is not installed here');
const server = await startDebianPostgres(binaries);
const home = await mkdtemp(path.join(tmpdir(), 'alfred-bench-'));
const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const recipient = await identityToRecipient(await generateX25519Identity());
try {
  await migrateDatabase({ url: server.url, home, log });
  const db = await openDatabase(server.url);
  try {
    const rootKey = { credentialsDirectory: undefined, file: undefined, value: undefined };
    await openVault({ db, settings: { home, rootKey }, log });
    // The first start builds the program, and may not count.
    await backUp();
    const idle = await backUp();
    console.log(`an empty database: ${megabytes(idle.peak)} MB`);
    for (const rows of sizes) {
      await db.pool.query(`ALTER TABLE executions DISABLE TRIGGER USER; DELETE FROM executions`);
      // A backup has nothing of an index.
      await seedExecutions(db, rows, () => {}, { turns, searchable: false });
      const { rows: found } = await db.pool.query<{ bytes: string }>(
        `SELECT pg_total_relation_size('executions') AS bytes`,
      );
      const { peak, ms, bytes } = await backUp();
      const above = megabytes(peak - idle.peak);
      const database = (Number(found[0]?.bytes) / 1e9).toFixed(2);
      console.log(
        `${rows} executions, ${database} GB: ${above} MB above, ${(ms / 1000).toFixed(1)} s, ${megabytes(bytes)} MB written`,
      );
    }
  } finally {
    await db.close();
  }
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true });
}

/** Runs the command. @returns the most that it held at a time, how long it took, and how large its file is */
async function backUp(): Promise<{ peak: number; ms: number; bytes: number }> {
  const file = path.join(home, 'the.age');
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [program, 'backup', 'create', '--to', file, '--recipient', recipient, '--json'],
    {
      env: { PATH: process.env.PATH, HOME: home, ALFRED_HOME: home, DATABASE_URL: server.url },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  let peak = 0;
  while (child.exitCode === null) {
    peak = Math.max(peak, readPeak(child.pid ?? 0));
    await Promise.race([sleep(20), ended]);
  }
  if (child.exitCode !== 0) throw new Error(`The backup ended with ${child.exitCode}`);
  const ms = performance.now() - began;
  const bytes = (await stat(file)).size;
  await rm(file);
  return { peak, ms, bytes };
}

/** In bytes; 0 of a process that has just ended. */
function readPeak(pid: number): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
