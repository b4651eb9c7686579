import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

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

const isFolder = async (place: string): Promise<boolean> =>
  await stat(place).then(
    (found) => found.isDirectory(),
    () => false, // it is not there, or nobody may know
  );
