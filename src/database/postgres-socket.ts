/** The folder of PostgreSQL's Unix socket: 0700, and short enough for the system's limit on a socket's path. */
import { chmod, chown, mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';

/** `sun_path` is 108 bytes on Linux, 104 on macOS, its terminating NUL included. */
const longest = process.platform === 'darwin' ? 103 : 107;
const socketName = '.s.PGSQL.5432';

/** True when a socket may stand in `folder`. */
const isShortEnough = (folder: string): boolean =>
  Buffer.byteLength(path.join(folder, socketName)) <= longest;

/**
 * Makes the folder: `preferred`, or where that is too long a new one in /tmp. The
 * latter has a name that nobody could have taken before.
 */
export async function makeSocketFolder(
  preferred: string,
  owner?: { uid: number; gid: number },
): Promise<string> {
  const folder = isShortEnough(preferred) ? preferred : await mkdtemp(path.join(shortPlace, 'alfred-'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if (owner) await chown(folder, owner.uid, owner.gid);
  return folder;
}

/** Not `os.tmpdir()`: TMPDIR may be the very thing that is long. */
const shortPlace = '/tmp';

/** The address of the server whose socket stands in `socketDir`; whole, so that no PGPORT or PGSSLMODE changes it. */
export const socketUrl = (socketDir: string, database: string, user = 'alfred'): string =>
  `postgresql://${user}@localhost:5432/${database}?host=${encodeURIComponent(socketDir)}&sslmode=disable`;
