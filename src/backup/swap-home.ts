/**
 * Puts what was made beside a home in the place of what is there: by a note in the home that says all that is to be renamed.
 * Once the note is there the change has happened: whoever opens the home next, after whatever end, finishes it first.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AlfredError } from '../kernel/errors.ts';
import { syncToDisk, writeWhole } from '../kernel/write-whole.ts';

const noteSchema = z.object({
  /** Within the home: what comes in, and where what is there goes. */
  from: z.string(),
  aside: z.string(),
  /** Names in the home. */
  goes: z.array(z.string()),
  comes: z.array(z.string()),
});
type Note = z.infer<typeof noteSchema>;

const noteOf = (home: string): string => path.join(home, 'restore.json');

/** Whether a change was begun and is not finished. */
export const isSwapping = (home: string): boolean => existsSync(noteOf(home));

/**
 * Changes `names` of the home for those of `from`, a folder in it: all of them, or none. One that `from` has not is gone from
 * the home then.
 *
 * @returns the folder where what was there is kept; undefined when there was nothing
 * @throws AlfredError E_BACKUP when a name is on another disk, and cannot be renamed; nothing was changed then
 */
export async function swapHome(
  home: string,
  { from, names, now }: { from: string; names: readonly string[]; now: Date },
): Promise<string | undefined> {
  const goes = names.filter((name) => existsSync(path.join(home, name)));
  const comes = names.filter((name) => existsSync(path.join(from, name)));
  await refuseOtherDisks(home, goes);
  const aside = `before-restore-${now.toISOString().replaceAll(':', '-')}`;
  const note: Note = { from: path.relative(home, from), aside, goes, comes };
  await syncToDisk(from);
  await writeWhole(noteOf(home), (file) => writeFile(file, `${JSON.stringify(note)}\n`, { mode: 0o600 }));
  await finishSwap(home);
  return goes.length > 0 ? path.join(home, aside) : undefined;
}

/**
 * Finishes a change that was begun, if there is one. Call with the home's lock held, before anything of the home is used.
 *
 * @returns whether there was one
 */
export async function finishSwap(home: string): Promise<boolean> {
  const note = await readNote(home);
  if (!note) return false;
  const { from, aside, goes, comes } = note;
  const within = (...parts: string[]) => path.join(home, ...parts);
  await mkdir(within(aside), { recursive: true, mode: 0o700 });
  // What went stays gone, and what came stays: each may have happened before whoever did it was killed.
  for (const name of goes) {
    if (!existsSync(within(aside, name))) await rename(within(name), within(aside, name));
  }
  for (const name of comes) {
    if (existsSync(within(from, name))) await rename(within(from, name), within(name));
  }
  for (const folder of [within(aside), within(from), home]) await syncToDisk(folder);
  if (goes.length === 0) await rm(within(aside), { recursive: true, force: true });
  await rm(noteOf(home), { force: true });
  await syncToDisk(home);
  return true;
}

async function readNote(home: string): Promise<Note | undefined> {
  const text = await readFile(noteOf(home), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  });
  return text === undefined ? undefined : noteSchema.parse(JSON.parse(text));
}

async function refuseOtherDisks(home: string, names: readonly string[]): Promise<void> {
  const { dev } = await stat(home);
  for (const name of names) {
    if ((await stat(path.join(home, name))).dev === dev) continue;
    throw new AlfredError(
      'E_BACKUP',
      `${path.join(home, name)} is on another disk than the home it stands in.`,
      {
        remedy: 'Restore into a new home (ALFRED_HOME), or put the whole home on one disk.',
      },
    );
  }
}
