/**
 * The PostgreSQL that comes with Alfred: one server for one home, reached over a Unix socket alone.
 *
 * In the home: `postgres/data` (the database), `postgres/socket` (0700), `postgres/server.log`, `postgres/lib` (links);
 * `postgres/running.json` says where the server is while it runs, for `npx prisma` and for people.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { endLeftover } from './leftover.ts';
import { dataVersion } from './postgres-binaries.ts';
import { preparePlace } from './postgres-place.ts';
import { ensureDatabase, initialiseData, type ServerPlace } from './postgres-server.ts';
import { postgresSettings } from './postgres-settings.ts';
import { makeSocketFolder, socketUrl } from './postgres-socket.ts';
import { forgetRunning, noteRunning, readRunning } from './running-note.ts';
import { superviseServer } from './supervise-server.ts';

export type EmbeddedPostgres = {
  /** Of the database `alfred`, for its own role, which is no superuser. */
  url: string;
  dataDir: string;
  /** Whoever may enter this folder may use the database: keep it from sandboxed programs. */
  socketDir: string;
  readonly pid: number;
  /** Ends the server: connections are closed, a checkpoint is written. Harmless when it has ended. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** Of this VM; made, with all in it that PostgreSQL needs. */
  home: string;
  log: Logger;
  /** One line for a person at each stage. */
  onProgress?: (line: string) => void;
  /** false trades safety against power failures for speed; for tests. */
  durable?: boolean;
};

const database = 'alfred';
const role = 'alfred';

/**
 * Starts the server of `home`, making its data folder on the first start, and keeps it running: should it die, it is
 * started again. Call with the home's lock held (processes/home-lock.ts): a server that still runs on this home is taken
 * for what a killed program left behind, and ended.
 *
 * @throws AlfredError E_DATABASE saying what is wrong and what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  try {
    return await start(options);
  } catch (error) {
    if (error instanceof AlfredError) throw error;
    const folder = path.join(options.home, 'postgres');
    throw new AlfredError('E_DATABASE', `PostgreSQL cannot work in ${folder}: ${messageOf(error)}`, {
      remedy: 'See that the disk has room and that the folder is yours, then start again.',
      cause: error,
    });
  }
}

async function start(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { home, log, onProgress = () => {}, durable = true } = options;
  const prepared = await preparePlace(home);
  if (await endLeftover(prepared.dataDir))
    onProgress('ended the PostgreSQL that an earlier start left running');
  await removeSocket(home, prepared.socketDir);
  const socketDir = await makeSocketFolder(prepared.socketDir, prepared.user.owner);
  const settings = {
    ...postgresSettings(socketDir),
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const place: ServerPlace = { ...prepared, socketDir, settings };

  const madeBy = await dataVersion(place.dataDir);
  if (madeBy === undefined) {
    onProgress('preparing the database (on the first start only)');
    await initialiseData(place, { durable });
  } else refuseOtherVersion(madeBy, place);

  onProgress('starting PostgreSQL');
  const server = await superviseServer(place, { log, onProgress });
  const url = socketUrl(socketDir, database, role);
  const stop = async () => {
    await server.stop();
    await removeSocket(home, socketDir);
  };
  try {
    await ensureDatabase(socketDir, role, database);
    await noteRunning(home, { url, socketDir, dataDir: place.dataDir });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    dataDir: place.dataDir,
    socketDir,
    get pid() {
      return server.pid;
    },
    stop,
  };
}

/** Removes the socket's folder, also one that an earlier start put elsewhere, and the note of where it was. */
async function removeSocket(home: string, socketDir: string): Promise<void> {
  const earlier = (await readRunning(home))?.socketDir;
  for (const folder of [socketDir, earlier]) {
    // Never more than a socket's folder, whatever the note says.
    if (folder !== undefined && /^(socket|alfred-[A-Za-z0-9]+)$/.test(path.basename(folder))) {
      await rm(folder, { recursive: true, force: true });
    }
  }
  await forgetRunning(home);
}

/** Another major's files are not touched: what was in them comes by a backup, and they stay as they were. */
function refuseOtherVersion(madeBy: string, place: ServerPlace): void {
  const major = place.binaries.version.split('.')[0] ?? '';
  if (madeBy === major) return;
  const what = `${place.dataDir} was made by PostgreSQL ${madeBy}, and this version of Alfred carries PostgreSQL ${major}. Nothing was changed.`;
  const remedy =
    Number(madeBy) > Number(major)
      ? `Start the version of Alfred that ran here last: it carries PostgreSQL ${madeBy}.`
      : `With the version of Alfred that ran here last: npx alfred backup create --to FILE. Then with this one: npx alfred backup restore FILE. What is there now is kept in before-restore-… of the home.`;
  throw new AlfredError('E_DATABASE', what, { remedy });
}
