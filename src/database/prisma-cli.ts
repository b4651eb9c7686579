/**
 * Which database Prisma's CLI works on (`npx prisma migrate deploy`), and the way there.
 *   DATABASE_URL set     that one. The CLI is told its address without the password: it puts what it is told on the
 *                        command line of its engine, where every user of the machine can read it
 *   unset                the embedded one of $ALFRED_HOME: the server that is running, or one for as long as the command runs
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isAlfredError } from '../kernel/errors.ts';
import { createLogger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { acquireHomeLock, type HomeLock } from '../processes/home-lock.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { socketUrl } from './postgres-socket.ts';
import { readRunning } from './running-note.ts';
import { type OpenDatabase, startUnderLock } from './start-under-lock.ts';

type Where = Pick<Settings, 'home' | 'databaseUrl'>;

/** What prisma.config.ts tells the CLI: it names the database, and holds no secret. */
export function datasourceUrl({ home, databaseUrl }: Where): string {
  if (databaseUrl === undefined) return socketUrl(path.join(home, 'postgres', 'socket'), 'alfred');
  const url = new URL(databaseUrl);
  url.password = '';
  url.searchParams.delete('password');
  return url.href;
}

/**
 * The database that the CLI means with `given`. Close it at the end.
 *
 * @param given what the CLI passes to its engine: what `datasourceUrl` said, or another address by `--url`
 * @throws AlfredError E_ALREADY_RUNNING while Alfred is starting or stopping on this home and does not get done
 */
export async function openCliDatabase(given: string, where: Where): Promise<OpenDatabase> {
  if (given !== datasourceUrl(where)) return { url: given, close: async () => {} };
  if (where.databaseUrl !== undefined) return { url: where.databaseUrl, close: async () => {} };
  return openEmbedded(where.home);
}

const patienceMs = 60_000;

async function openEmbedded(home: string): Promise<OpenDatabase> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const running = await findRunning(home);
    if (running !== undefined) return { url: running, close: async () => {} };
    const lock = await tryToLock(home, deadline);
    if (lock) return startFor(home, lock);
    // Somebody holds the home without a server: Alfred, or another command like this one, is starting or stopping.
    await sleep(100);
  }
}

/** The address of the home's server, if it answers. */
async function findRunning(home: string): Promise<string | undefined> {
  const url = (await readRunning(home))?.url;
  if (url === undefined) return undefined;
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return url;
  } catch {
    // The note is of a server that is gone, or goes.
    return undefined;
  }
}

async function tryToLock(home: string, deadline: number): Promise<HomeLock | undefined> {
  try {
    return await acquireHomeLock(home, { patienceMs: 0 });
  } catch (error) {
    if (!isAlfredError(error, 'E_ALREADY_RUNNING') || performance.now() > deadline) throw error;
    return undefined;
  }
}

function startFor(home: string, lock: HomeLock): Promise<OpenDatabase> {
  // What the server has to say is in its own log; the CLI takes the engine's standard error for messages of its own.
  const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
  return startUnderLock(lock, () => startEmbeddedPostgres({ home, log }));
}
