/**
 * Where a home was when a VM last started on it. A home that is somewhere else now was moved, or copied: of a copy both would report
 * to Core under one id, fire each schedule and answer each webhook. Which of the two it is, nobody can say from here.
 */
import { readFile, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const placeSchema = z.object({
  path: z.string(),
  /** Of the folder itself: another one in a copy. */
  inode: z.string(),
  /** /etc/machine-id; null where there is none. */
  machine: z.string().nullable(),
});
type HomePlace = z.infer<typeof placeSchema>;

const fileOf = (home: string) => path.join(home, 'place.json');

/** Writes down where the home is now. @returns where it was, when that is somewhere else */
export async function noteHomePlace(home: string): Promise<HomePlace | undefined> {
  const present = await placeOf(home);
  const former = await readPlace(home);
  const isSame =
    former !== undefined &&
    former.path === present.path &&
    former.inode === present.inode &&
    former.machine === present.machine;
  if (isSame) return undefined;
  await writeFile(fileOf(home), `${JSON.stringify(present)}\n`, { mode: 0o600 });
  return former;
}

async function placeOf(home: string): Promise<HomePlace> {
  const { ino } = await stat(home, { bigint: true });
  const machine = await readFile('/etc/machine-id', 'utf8').catch(() => ''); // not on every system
  return {
    path: await realpath(home),
    inode: ino.toString(),
    machine: machine.trim() === '' ? null : machine.trim(),
  };
}

/** Undefined at the first start, and where nobody can read what is written there. */
async function readPlace(home: string): Promise<HomePlace | undefined> {
  try {
    return placeSchema.parse(JSON.parse(await readFile(fileOf(home), 'utf8')));
  } catch {
    // It is written anew.
    return undefined;
  }
}
