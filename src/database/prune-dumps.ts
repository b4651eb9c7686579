import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { timeNow } from '../kernel/clock.ts';

/** So many dumps from before a migration are kept: as many versions can be gone back. */
const kept = 5;
const dayMs = 24 * 3_600_000;

/**
 * Removes the older dumps from before migrations in `backups/` of a home.
 *
 * @param options.days removes those as well that are older than so many
 * @returns the names of those that went
 */
export async function pruneDumps(
  home: string,
  { days, now = timeNow() }: { days?: number | undefined; now?: Date } = {},
): Promise<string[]> {
  const folder = path.join(home, 'backups');
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const made = await Promise.all(
    names
      .filter((name) => name.startsWith('before-'))
      .map(async (name) => ({ name, at: (await stat(path.join(folder, name))).mtimeMs })),
  );
  const oldest = days === undefined ? 0 : now.getTime() - days * dayMs;
  const gone = made.sort((a, b) => b.at - a.at).filter(({ at }, index) => index >= kept || at < oldest);
  for (const { name } of gone) await rm(path.join(folder, name), { force: true });
  return gone.map(({ name }) => name);
}
