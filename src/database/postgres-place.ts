/** Decides who runs the server and where its files are, and sees that the two fit. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AlfredError } from '../kernel/errors.ts';
import { endLeftover } from './leftover.ts';
import { copyPostgres, findPostgres, linkLibraries, type PostgresBinaries } from './postgres-binaries.ts';
import { choosePostgresUser, findOrAddSystemUser, type PostgresUser, systemUserOf } from './postgres-user.ts';

export type PostgresPlace = {
  user: PostgresUser;
  binaries: PostgresBinaries;
  dataDir: string;
  /** Where the socket should be, if the path is not too long. */
  socketDir: string;
  logFile: string;
};

/** Where a system user's files are: in a home under /root it could not reach them. */
const systemFolder = '/var/lib/alfred';

/** In the home's `postgres` folder: where the data is, if it is not here. */
const elsewhereNote = 'elsewhere';

/**
 * @param home this VM's home, made when it is not there
 * @throws AlfredError E_DATABASE when PostgreSQL cannot run here
 */
export async function preparePlace(home: string): Promise<PostgresPlace> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const inHome = path.join(await realpath(home), 'postgres');
  await mkdir(inHome, { recursive: true, mode: 0o700 });
  await refuseOthers(inHome);

  const elsewhere = await readElsewhere(inHome);
  const user = elsewhere === undefined ? choosePostgresUser(inHome) : systemUserOf(findOrAddSystemUser());
  const folder = user.owner ? (elsewhere ?? (await claimFolder(inHome))) : inHome;
  if (user.owner) await giveFolder(folder, user.owner);
  await removeUnfinished(folder);

  return {
    user,
    binaries: await prepareBinaries(user, folder),
    dataDir: path.join(folder, 'data'),
    socketDir: path.join(folder, 'socket'),
    logFile: path.join(inHome, 'server.log'),
  };
}

/** PostgreSQL runs on its own user's files alone; say so in words that tell what to do. */
async function refuseOthers(folder: string): Promise<void> {
  const uid = process.geteuid?.();
  const owner = (await stat(folder)).uid;
  if (uid === undefined || owner === uid) return;
  throw new AlfredError(
    'E_DATABASE',
    `${folder} belongs to user number ${owner}, and you are number ${uid}.`,
    {
      remedy: 'Start Alfred as that user, or set ALFRED_HOME to a folder of your own.',
    },
  );
}

/** Where the home's data was put, if not into the home: there it stays, whatever this machine allows later. */
async function readElsewhere(inHome: string): Promise<string | undefined> {
  const note = path.join(inHome, elsewhereNote);
  if (!existsSync(note)) return undefined;
  const folder = (await readFile(note, 'utf8')).trim();
  if (existsSync(folder)) return folder;
  throw new AlfredError('E_DATABASE', `The database of this home was in ${folder}, which is gone.`, {
    remedy: `Bring that folder back (in a container: keep ${systemFolder} on a volume), or remove ${note} to begin with an empty database.`,
  });
}

/** A new folder for the system user's files, noted in the home. */
async function claimFolder(inHome: string): Promise<string> {
  if (existsSync(path.join(inHome, 'data'))) {
    throw new AlfredError(
      'E_DATABASE',
      `${inHome}/data was made where PostgreSQL could run in a user namespace, which is not allowed here.`,
      {
        remedy:
          'Allow user namespaces (unshare --user), or start Alfred as an ordinary user that owns its home.',
      },
    );
  }
  const folder = path.join(systemFolder, randomBytes(6).toString('hex'));
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await writeFile(path.join(inHome, elsewhereNote), `${folder}\n`, { mode: 0o600 });
  return folder;
}

/** What an initdb left that was interrupted. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('data.new-'))
      await rm(path.join(folder, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

async function giveFolder(folder: string, owner: { uid: number; gid: number }): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  await chown(folder, owner.uid, owner.gid);
}

/** The programs, where `user` can run them: in node_modules, or else copied to where they can. */
async function prepareBinaries(user: PostgresUser, folder: string): Promise<PostgresBinaries> {
  const { root, version } = findPostgres();
  const installed = { root, version, environment: await linkLibraries(root, path.join(folder, 'lib')) };
  if (await canRun(user, installed)) return installed;
  const place = path.join(user.owner ? systemFolder : folder, `postgresql-${version}`);
  const copy = await copyPostgres(root, place);
  const copied = { root: copy, version, environment: await linkLibraries(copy, path.join(folder, 'lib')) };
  if (await canRun(user, copied)) return copied;
  await rm(place, { recursive: true, force: true });
  throw new AlfredError('E_DATABASE', `PostgreSQL's programs in ${root} cannot be run here.`, {
    remedy: 'Run "npm ci" again on this machine, or set DATABASE_URL to a PostgreSQL of your own.',
  });
}

async function canRun(user: PostgresUser, binaries: PostgresBinaries): Promise<boolean> {
  const program = path.join(binaries.root, 'bin', 'postgres');
  const child = user.spawn(program, ['--version'], {
    env: { ...binaries.environment, PATH: '/usr/bin:/bin' },
    stdio: 'ignore',
  });
  try {
    const [code] = await once(child, 'exit');
    return code === 0;
  } catch {
    // 'error': it cannot be run at all.
    return false;
  }
}

/**
 * Removes the database of a home that nobody needs any more, also where it had to go elsewhere. What still runs on it, left
 * behind by a program that was killed, is ended.
 */
export async function removeEmbedded(home: string): Promise<void> {
  const inHome = path.join(home, 'postgres');
  const note = await readFile(path.join(inHome, elsewhereNote), 'utf8').catch(() => ''); // it is in the home
  const elsewhere = note.trim();
  // Never more than a folder that claimFolder made, whatever the note says.
  const folders = path.dirname(elsewhere) === systemFolder ? [inHome, elsewhere] : [inHome];
  for (const folder of folders) {
    const there = await realpath(folder).catch(() => undefined); // nothing to remove
    if (there === undefined) continue;
    await endLeftover(path.join(there, 'data'));
    await rm(there, { recursive: true, force: true, maxRetries: 5 });
  }
}
