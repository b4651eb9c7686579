import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDiskFull } from '../database/is-disk-full.ts';
import { freeBytes } from '../kernel/disk-room.ts';
import { AlfredError, isAlfredError, messageOf } from '../kernel/errors.ts';
import { whyUnwritable } from '../kernel/make-folder.ts';
import { isUnfinished, writeWhole } from '../kernel/write-whole.ts';
import type { BackupPlace, BackupSource, Kept } from './backup-place.ts';

/** A backup is this much smaller than its database, at the very least: with less room it is not begun. */
const leastPart = 20;

/** A folder, which is made (0700) when it is not there. */
export function folderPlace(folder: string): BackupPlace {
  const nameOf = (name: string) => path.join(folder, name);
  return {
    words: folder,
    nameOf,
    list: async () => (await filesOf(folder)).filter(({ name }) => !isUnfinished(name)),
    remove: (name) => rm(nameOf(name), { force: true }),
    write: (name, pieces, options) => writeFile(nameOf(name), pieces, options),
    async removeUnfinished(prefix, before) {
      for (const { name, changedAt } of await filesOf(folder)) {
        const isOld = isUnfinished(name) && name.startsWith(prefix) && changedAt < before;
        if (isOld) await rm(nameOf(name), { force: true });
      }
    },
    open: (name) => openFile(nameOf(name)),
  };
}

/** A file of this machine. @throws AlfredError E_BACKUP when there is none */
export async function openFile(file: string): Promise<BackupSource> {
  const there = await stat(file).catch((cause: unknown) => {
    throw new AlfredError('E_BACKUP', `The backup cannot be read: ${messageOf(cause)}`, { cause });
  });
  if (!there.isFile()) throw new AlfredError('E_BACKUP', `${file} is no file.`);
  return {
    name: file,
    bytes: there.size,
    read: (start = 0, end = Number.POSITIVE_INFINITY) => createReadStream(file, { start, end }),
  };
}

async function filesOf(folder: string): Promise<Kept[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found = entries
    .filter((entry) => entry.isFile())
    .map(async ({ name }): Promise<Kept | undefined> => {
      const there = await stat(path.join(folder, name)).catch(() => undefined); // finished, or gone, in the meantime
      return there && { name, bytes: there.size, changedAt: there.mtime };
    });
  return (await Promise.all(found)).filter((one) => one !== undefined);
}

/** Whether the system would not make the folder, or one above it, or write into it. */
function isOfPlace(error: unknown, folder: string): boolean {
  if (!(error instanceof Error && 'path' in error)) return false;
  const place = String(error.path);
  return path.dirname(place) === folder || folder === place || folder.startsWith(`${place}${path.sep}`);
}

async function writeFile(
  file: string,
  pieces: AsyncIterable<Uint8Array>,
  { databaseBytes, signal }: { databaseBytes: number; signal?: AbortSignal | undefined },
): Promise<number> {
  try {
    await refuseOver(file);
    await writeWhole(file, async (unfinished) => {
      await refuseWithoutRoom(path.dirname(file), databaseBytes);
      const options = signal === undefined ? {} : { signal };
      await pipeline(pieces, createWriteStream(unfinished, { mode: 0o600, flags: 'wx' }), options);
    });
    return (await stat(file)).size;
  } catch (error) {
    const folder = path.dirname(file);
    if (isDiskFull(error))
      throw new AlfredError('E_DISK_FULL', `The disk of ${folder} is full: no backup was made.`, {
        remedy: 'Make room there, or name a folder on another disk.',
        cause: error,
      });
    // What goes wrong while the database is read is told by whoever reads it.
    if (isAlfredError(error) || !isOfPlace(error, folder)) throw error;
    throw new AlfredError(
      'E_BACKUP',
      `No backup was made: ${folder} cannot be written: ${whyUnwritable(error)}`,
      {
        remedy: 'Name a folder that is yours to write, on a disk.',
        cause: error,
      },
    );
  }
}

async function refuseOver(file: string): Promise<void> {
  const there = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (there) throw alreadyThere(file);
}

export const alreadyThere = (name: string): AlfredError =>
  new AlfredError('E_CONFLICT', `${name} is there already, and is not written over.`, {
    remedy: 'Name another file, or a folder: then the file gets a name of its own.',
  });

async function refuseWithoutRoom(folder: string, databaseBytes: number): Promise<void> {
  const needed = Math.ceil(databaseBytes / leastPart);
  const free = await freeBytes(folder);
  if (free >= needed) return;
  throw new AlfredError(
    'E_DISK_FULL',
    `There are ${megabytes(free)} MB left in ${folder}, and a backup takes ${megabytes(needed)} MB at the very least.`,
    { remedy: 'Make room there, or name a folder on another disk.' },
  );
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
