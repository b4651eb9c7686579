import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from './make-folder.ts';

/** What a file is called until it is whole: its own name and something behind it, in the same folder. */
const unfinishedName = /\.[0-9a-f]{8}\.part$/;

/** Whether `name` is of a file that was being written by `writeWhole`, perhaps by a program that was killed. */
export const isUnfinished = (name: string): boolean => unfinishedName.test(name);

/**
 * Has `write` make a file under another name, and gives it its own once it is on disk: so `file` is whole, or as it was.
 * Its folder is made (0700) when it is not there.
 *
 * @param write writes the file that it is given, with the mode that it shall have
 */
export async function writeWhole(file: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  await makeFolder(path.dirname(file));
  const unfinished = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    await write(unfinished);
    await syncToDisk(unfinished);
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
  await syncToDisk(path.dirname(file));
}

/** Has the system put a file, or the names in a folder, on the disk. */
export async function syncToDisk(place: string): Promise<void> {
  const handle = await open(place, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
