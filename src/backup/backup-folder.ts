/** The folder of backups that are made by schedule: what they are called, and which of them are kept. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isUnfinished } from '../kernel/write-whole.ts';

/** What a program left unfinished that was killed, is removed after so long, in milliseconds. */
const abandonedMs = 24 * 3_600_000;

/** Of one VM: several may share a folder, and what is made by hand is called otherwise. */
const prefixOf = (vaultId: string): string => `alfred-${vaultId.slice(0, 8)}-`;

export const scheduledName = (vaultId: string, now: Date): string =>
  `${prefixOf(vaultId)}${now.toISOString().replaceAll(':', '-')}.age`;

/**
 * Removes the oldest of this VM's scheduled backups beyond the newest `keep`, and what was left unfinished.
 *
 * @returns the names of those that went
 */
export async function pruneBackups(
  folder: string,
  { vaultId, keep, now }: { vaultId: string; keep: number; now: Date },
): Promise<string[]> {
  const own = (await readdir(folder)).filter((name) => name.startsWith(prefixOf(vaultId))).sort();
  const old = own.filter((name) => name.endsWith('.age')).slice(0, -keep);
  for (const name of old) await rm(path.join(folder, name), { force: true });
  for (const name of own.filter(isUnfinished)) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined); // finished in the meantime
    if (found && now.getTime() - found.mtimeMs > abandonedMs) await rm(file, { force: true });
  }
  return old;
}
