/**
 * A lock on a file that the kernel keeps: it falls with the process that has it, however that ends, and holds between
 * containers that share a disk. Node.js offers neither flock(2) nor fcntl(2); the SQLite that it carries takes such a lock
 * for a transaction, so the file is an empty database in a transaction that never ends. POSIX has such a lock fall when its
 * process closes the file, whoever opened it: nothing else may open the file, and nobody may remove it.
 */
import { DatabaseSync } from 'node:sqlite';

export type FileLock = { release(): void };

/** What is held, so that no lock falls because nobody points at it any more. */
const held = new Set<DatabaseSync>();

/** SQLITE_BUSY: somebody has it, or the file system gives no locks. */
const busy = 5;

/**
 * Takes the lock, or says undefined at once where somebody has it, this process included. Makes the file when it is not there.
 *
 * @throws Error from SQLite when the file cannot be opened or written
 */
export function tryFileLock(file: string): FileLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined;
    throw error;
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}
