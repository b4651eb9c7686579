/** `alfred` as a word that the shell knows: a link in the person's own folder of programs, made once. */
import { lstat, mkdir, readlink, realpath, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** What a file says that is not to be had: away, or not ours to read or write. */
const refusals = new Set(['EACCES', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EPERM', 'EROFS', 'ELOOP']);

/** What `reading` gives; undefined where the file system refuses it. */
async function unlessRefused<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (refusals.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Folders that a shell looks through; npm puts the project's own before them, which only npm does. */
const foldersOf = (searchPath: string | undefined): string[] =>
  (searchPath ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder) && !folder.includes('node_modules'));

/** Whether a link leads nowhere any more: to a clone that was moved or removed. */
async function isLost(link: string): Promise<boolean> {
  const target = await unlessRefused(readlink(link));
  if (target === undefined || !target.endsWith('bin/alfred.js')) return false;
  return (await unlessRefused(realpath(link))) === undefined;
}

/**
 * Links `~/.local/bin/alfred` to `program`, unless the shell knows an `alfred` already. What is there and is not ours stays;
 * where nothing may be written, nothing is: `npx alfred` goes on to work in the project's folder.
 *
 * @param program `bin/alfred.js` of this installation
 * @returns what to tell the person, once: undefined when no link was made
 */
export async function linkOntoPath(
  program: string,
  { searchPath, home = homedir() }: { searchPath: string | undefined; home?: string },
): Promise<string | undefined> {
  const folders = foldersOf(searchPath);
  for (const folder of folders) {
    if ((await unlessRefused(realpath(path.join(folder, 'alfred')))) !== undefined) return undefined;
  }
  const folder = path.join(home, '.local/bin');
  const link = path.join(folder, 'alfred');
  if (await isLost(link)) await unlessRefused(rm(link));
  const made =
    (await unlessRefused(lstat(link))) === undefined &&
    (await unlessRefused(
      mkdir(folder, { recursive: true }).then(() => symlink(program, link).then(() => true)),
    ));
  if (made !== true) return undefined;
  return folders.includes(folder)
    ? 'alfred is a command now (~/.local/bin/alfred); alfred completion has your shell complete it'
    : 'alfred is a command now, once ~/.local/bin is on your PATH: put export PATH="$HOME/.local/bin:$PATH" into ~/.profile';
}
