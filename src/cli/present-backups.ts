import type { BackupPlace } from '../backup/backup-place.ts';
import { type Context, present } from './context.ts';
import { formatBytes, formatFullTime } from './render/figures.ts';

/** Shows the backups of a place, of a VM or of Core, the newest first. */
export async function presentBackups(context: Context, place: BackupPlace): Promise<void> {
  const items = (await place.list())
    .filter(({ name }) => /\.age$|^before-/.test(name))
    .sort((a, b) => b.changedAt.getTime() - a.changedAt.getTime())
    .map(({ name, bytes, changedAt }) => ({
      file: place.nameOf(name),
      bytes,
      at: changedAt.toISOString(),
    }));
  present(context, { items }, () =>
    items.length === 0
      ? `no backup is in ${place.words}`
      : items
          .map(({ file, bytes, at }) => `${formatFullTime(at)}  ${formatBytes(bytes).padStart(8)}  ${file}`)
          .join('\n'),
  );
}
