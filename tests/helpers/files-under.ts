/** The files of a folder that others write in while we look: PostgreSQL and agents remove files and folders of theirs. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * All files under `folder` but those that `isLeftOut` names by their path from it, each with its bytes.
 * @throws where `folder` itself is not there.
 */
export function* filesUnder(
  folder: string,
  isLeftOut: (file: string) => boolean = () => false,
): Generator<{ file: string; bytes: Buffer }> {
  const folders = [''];
  for (const within of folders) {
    const read = () => readdirSync(path.join(folder, within), { withFileTypes: true });
    for (const entry of (within === '' ? read() : whileThere(read)) ?? []) {
      const file = path.join(within, entry.name);
      if (entry.isDirectory()) folders.push(file);
      if (!entry.isFile() || isLeftOut(file)) continue;
      const bytes = whileThere(() => readFileSync(path.join(folder, file)));
      if (bytes) yield { file, bytes };
    }
  }
}

/** What `read` gives, undefined where it is no longer there. */
function whileThere<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
