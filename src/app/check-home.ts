/** Whether a VM can work in its home: asked at the start, so that what is in its way is said in one sentence. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freeBytes } from '../kernel/disk-room.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { makeFolder, unwritableHome } from '../kernel/make-folder.ts';
import { mostFiles } from '../processes/open-files.ts';

/** With less PostgreSQL cannot come up, which writes 16 MiB at once. In bytes. */
const roomToStart = 32 * 1024 * 1024;
/** Files and sockets: 70 of a VM that runs three skills, and 20 for each connection and run beside. */
const descriptorsToStart = 256;

/**
 * Makes the home (0700) when it is not there.
 *
 * @throws AlfredError E_SETTINGS when it cannot be written, or this process may open too few files; E_DISK_FULL
 */
export async function checkHome(home: string, limits?: string): Promise<void> {
  const file = path.join(home, `.start-${process.pid}`);
  try {
    await makeFolder(home);
    await writeFile(file, 'Alfred can write here.\n', { mode: 0o600 });
    await rm(file);
  } catch (error) {
    await rm(file, { force: true }).catch(() => {}); // what was wrong first is the thing to say
    throw homeProblem(home, error);
  }
  const free = await freeBytes(home);
  if (free < roomToStart) throw diskFull(home, `${Math.floor(free / 1024 / 1024)} MiB are left`);
  const most = mostFiles(limits);
  if (most < descriptorsToStart) {
    throw new AlfredError(
      'E_SETTINGS',
      `This process may open ${most} files at once: a VM needs ${descriptorsToStart} at least.`,
      {
        remedy:
          'Raise it (ulimit -n 1024; LimitNOFILE= of systemd, --ulimit nofile= of Docker), and start again.',
      },
    );
  }
}

function homeProblem(home: string, error: unknown): AlfredError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(home, messageOf(error), error);
  return unwritableHome(home, error);
}

const diskFull = (home: string, why: string, cause?: unknown): AlfredError =>
  new AlfredError('E_DISK_FULL', `The disk of ${home} is full: ${why}.`, {
    remedy: `Make room (${roomToStart / 1024 / 1024} MiB at least), and start again. Nothing was changed.`,
    cause,
  });
