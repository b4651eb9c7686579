/** What backups that are made by schedule are called, and which of them are kept. */
import type { BackupPlace } from './backup-place.ts';

/** What a program left unfinished that was killed, is removed after so long, in milliseconds. */
const abandonedMs = 24 * 3_600_000;
const dayMs = 24 * 3_600_000;

/** How many are kept, and for how many days at most; undefined: however old. */
export type Keep = { count: number; days: number | undefined };

/** Of one VM: several may share a place, and what is made by hand is called otherwise. */
const prefixOf = (vaultId: string): string => `alfred-${vaultId.slice(0, 8)}-`;

export const scheduledName = (vaultId: string, now: Date): string =>
  `${prefixOf(vaultId)}${now.toISOString().replaceAll(':', '-')}.age`;

/** When it was made, by its name: a copy of a file is as old as the file. */
function timeOf(name: string): number {
  const [, day, clock = ''] = /-(\d{4}-\d\d-\d\d)T([\d-]+\.\d{3}Z)\.age$/.exec(name) ?? [];
  return Date.parse(`${day}T${clock.replaceAll('-', ':')}`);
}

/**
 * Removes this VM's scheduled backups beyond the newest `keep.count`, and those older than `keep.days`, but never the newest one;
 * and what was left unfinished.
 *
 * @returns the names of those that went
 */
export async function pruneBackups(
  place: BackupPlace,
  { vaultId, keep, now }: { vaultId: string; keep: Keep; now: Date },
): Promise<string[]> {
  const prefix = prefixOf(vaultId);
  const own = (await place.list())
    .map(({ name }) => name)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.age'))
    .sort()
    .reverse();
  const oldest = keep.days === undefined ? 0 : now.getTime() - keep.days * dayMs;
  const gone = own.filter((name, index) => index > 0 && (index >= keep.count || timeOf(name) < oldest));
  for (const name of gone) await place.remove(name);
  await place.removeUnfinished(prefix, new Date(now.getTime() - abandonedMs));
  return gone;
}
