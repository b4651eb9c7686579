/** Decides who runs the server and where its files are, and sees that the two fit. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AlfredError } from '../kernel/errors.ts';
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

/**
 * @param home this VM's home, which exists
 * @throws AlfredError E_DATABASE when PostgreSQL cannot run here
 */
export async function preparePlace(home: string): Promise<PostgresPlace> {
  const inHome = path.join(await realpath(home), 'postgres');
  await mkdir(inHome, { recursive: true, mode: 0o700 });
  await refuseOthers(inHome);

  // Once a home's data is elsewhere it stays there, whatever this machine allows later.
  const pointer = path.join(inHome, 'elsewhere');
  const elsewhere = await readFile(pointer, 'utf8').catch(() => undefined);
  const user = elsewhere === undefined ? choosePostgresUser(inHome) : systemUserOf(findOrAddSystemUser());
  const folder = user.owner ? (elsewhere?.trim() ?? (await claimFolder(inHome, pointer))) : inHome;
  if (user.owner) await giveFolder(folder, user.owner);

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

/** A new folder for the system user's files, noted in the home. */
async function claimFolder(inHome: string, pointer: string): Promise<string> {
  if (await stat(path.join(inHome, 'data')).catch(() => undefined)) {
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
  await writeFile(pointer, `${folder}\n`, { mode: 0o600 });
  return folder;
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
