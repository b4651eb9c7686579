/** The server's process: made ready once (initdb), started, waited for, and ended with us. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresUser } from './postgres-user.ts';

export type ServerPlace = {
  binaries: PostgresBinaries;
  user: PostgresUser;
  dataDir: string;
  socketDir: string;
  logFile: string;
  settings: Record<string, string>;
};

export type ServerProcess = { pid: number; exited: Promise<void>; signal(signal: NodeJS.Signals): void };

/** The bootstrap superuser: used here alone, to make the role and the database that the program works with. */
const superuser = 'postgres';
const largestLog = 4 * 1024 * 1024;
const readyWithinMs = 10 * 60_000;

/** Nothing of our own environment: it may hold keys. */
const environmentOf = (binaries: PostgresBinaries): Record<string, string> => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  ...binaries.environment,
});

/**
 * Makes the data folder with initdb; whole or not at all, so that a start that was interrupted leaves nothing half-made.
 *
 * @throws AlfredError E_DATABASE with initdb's own last lines
 */
export async function initialiseData(place: ServerPlace, { durable }: { durable: boolean }): Promise<void> {
  const { binaries, user, dataDir } = place;
  const unfinished = `${dataDir}.new-${randomBytes(4).toString('hex')}`;
  const args = [
    ...['--pgdata', unfinished, '--username', superuser, '--auth-local', 'trust', '--auth-host', 'reject'],
    // The same order on every machine, whatever its libraries; full Unicode for upper and lower case.
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ...['--data-checksums', '--no-instructions', ...(durable ? [] : ['--no-sync'])],
  ];
  const child = user.spawn(path.join(binaries.root, 'bin', 'initdb'), args, {
    env: environmentOf(binaries),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  endWithUs(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const code = await exitOf(child);
  if (code !== 0) {
    await rm(unfinished, { recursive: true, force: true });
    throw new AlfredError(
      'E_DATABASE',
      `PostgreSQL could not make its data folder ${dataDir}: ${lastLines(output)}`,
      {
        remedy: 'See that the disk has room and that the folder is yours, then start again.',
      },
    );
  }
  await rename(unfinished, dataDir);
}

/**
 * Starts the server and waits until it answers.
 *
 * @throws AlfredError E_DATABASE with the server's own last lines when it ends instead
 */
export async function startServer(
  place: ServerPlace,
  onProgress: (line: string) => void,
): Promise<ServerProcess> {
  const { binaries, user, dataDir, socketDir, logFile, settings } = place;
  const log = await open(logFile, (await sizeOf(logFile)) > largestLog ? 'w' : 'a', 0o600);
  const child = user.spawn(
    path.join(binaries.root, 'bin', 'postgres'),
    ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A process group of its own: Ctrl-C is for us, and we stop the server last.
    { env: environmentOf(binaries), stdio: ['ignore', log.fd, log.fd], detached: true },
  );
  const exited = exitOf(child).then(() => undefined);
  await log.close();
  if (child.pid === undefined) throw await startFailure(logFile, 'its program could not be run');
  const server: ServerProcess = { pid: child.pid, exited, signal: (signal) => void child.kill(signal) };
  endWithUs(child);

  const started = performance.now();
  let told = 0;
  while (child.exitCode === null && child.signalCode === null) {
    const problem = await tryToConnect(socketDir);
    if (problem === undefined) return server;
    const waited = performance.now() - started;
    if (waited > readyWithinMs) {
      server.signal('SIGQUIT');
      await exited;
      throw await startFailure(logFile, `it did not answer in time (${problem})`);
    }
    if (waited - told > 3000) {
      told = waited;
      onProgress('PostgreSQL is recovering after a hard stop');
    }
    await sleep(15);
  }
  throw await startFailure(logFile, `it ended with ${child.signalCode ?? `exit code ${child.exitCode}`}`);
}

/** Makes the program's own role and database when they are not there. The role is no superuser. */
export async function ensureDatabase(socketDir: string, role: string, database: string): Promise<void> {
  const client = new pg.Client(connectionTo(socketDir));
  await client.connect();
  try {
    const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    if (roles.rowCount === 0) await client.query(`CREATE ROLE ${pg.escapeIdentifier(role)} LOGIN CREATEDB`);
    const databases = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (databases.rowCount === 0) {
      await client.query(
        `CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${pg.escapeIdentifier(role)}`,
      );
    }
  } finally {
    await client.end();
  }
}

const connectionTo = (socketDir: string): pg.ClientConfig => ({
  host: socketDir,
  port: 5432,
  user: superuser,
  database: 'postgres',
  ssl: false,
});

/** Undefined when the server answers, else why it does not. */
async function tryToConnect(socketDir: string): Promise<string | undefined> {
  const client = new pg.Client({ ...connectionTo(socketDir), connectionTimeoutMillis: 5000 });
  client.on('error', () => {
    // Whatever breaks this connection makes connect() fail, too, and that is told below.
  });
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Has a program end when we do, however we end: a shell waits for the end of a pipe that we alone hold open, and then
 * interrupts the program (for the server that is a fast shutdown; initdb takes away what it made).
 */
function endWithUs(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const watcher = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$0" 2>/dev/null', String(child.pid)], {
    env: {},
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => {
    // Without a shell the server outlives a killed program, and the next start ends it (leftover.ts).
  });
  watcher.unref();
  child.once('exit', () => watcher.kill('SIGKILL'));
}

/** The exit code (null after a signal), or a code of -1 when the program could not be run. */
async function exitOf(child: ChildProcess): Promise<number | null> {
  try {
    const [code] = await once(child, 'exit');
    return typeof code === 'number' ? code : null;
  } catch {
    // 'error' came instead: the program is not there or may not be run.
    return -1;
  }
}

async function startFailure(logFile: string, why: string): Promise<AlfredError> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return new AlfredError(
    'E_DATABASE',
    `PostgreSQL did not start: ${why}. Its last words: ${lastLines(log)}`,
    {
      remedy: `The whole of its log is in ${logFile}.`,
    },
  );
}

const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.size ?? 0;

const lastLines = (text: string): string => text.trim().split('\n').slice(-4).join(' | ') || '(nothing)';
