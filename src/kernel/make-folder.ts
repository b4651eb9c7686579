import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AlfredError, messageOf } from './errors.ts';

/**
 * Makes a folder, and those above it, unless it is there. Node.js's own `recursive` never comes back where a file system lets no
 * folder be made, such as /proc: it is told that the folder above is missing, and makes that one again.
 *
 * @throws what the system says
 */
export async function makeFolder(folder: string, mode = 0o700): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (await isFolder(folder)) return;
    const above = path.dirname(folder);
    if (above === folder || !(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      throw error;
    if (await isFolder(above)) throw error;
    await makeFolder(above, mode);
    await makeFolder(folder, mode);
  }
}

const reasons: Record<string, string> = {
  EROFS: 'its disk is mounted read-only',
  ENOENT: 'no folder can be made there (it may be no disk, such as /proc)',
};

/** Why a folder cannot be made or written, in words. */
export const whyUnwritable = (error: unknown): string =>
  reasons[error instanceof Error && 'code' in error ? String(error.code) : ''] ?? messageOf(error);

export const unwritableHome = (home: string, cause: unknown): AlfredError =>
  new AlfredError('E_SETTINGS', `The home ${home} cannot be written: ${whyUnwritable(cause)}`, {
    remedy:
      'See that the folder is yours and its disk is mounted for writing, or set ALFRED_HOME to another.',
    cause,
  });

const isFolder = async (place: string): Promise<boolean> =>
  await stat(place).then(
    (found) => found.isDirectory(),
    () => false, // it is not there, or nobody may know
  );
