/** Is there room on the disk for what the VM has promised to keep? */
import { statfs } from 'node:fs/promises';

/** Below this nothing new is taken in, so that what is under way can still be written down. In bytes. */
const leastRoom = 64 * 1024 * 1024;

/** How many bytes may still be written below `folder`. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** A sentence when the disk of `folder` is full, or nearly so. */
export async function diskTrouble(folder: string): Promise<string | undefined> {
  const free = await freeBytes(folder);
  if (free >= leastRoom) return undefined;
  return `The disk of ${folder} is full: ${Math.floor(free / 1024 / 1024)} MiB are left, and ${leastRoom / 1024 / 1024} are needed.`;
}

/** As `diskTrouble` says it; while there is room the system is asked once a second: for what comes by the hundred a second. */
export function createDiskCheck(folder: string): () => Promise<string | undefined> {
  let fineUntil = 0;
  return async () => {
    const now = performance.now();
    if (now < fineUntil) return undefined;
    const trouble = await diskTrouble(folder);
    if (trouble === undefined) fineUntil = now + 1000;
    return trouble;
  };
}
