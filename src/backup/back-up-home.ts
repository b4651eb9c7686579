import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { type CreatedBackup, type CreateOptions, createBackup } from './create-backup.ts';
import { openHomeDatabase } from './home-database.ts';
import { recordBackupAt } from './record-backup.ts';

/**
 * Makes a backup of a home, whether a VM runs on it or not, and puts it on record.
 *
 * @param options.actor who wants it
 * @throws AlfredError as createBackup and openHomeDatabase do
 */
export async function backUpHome(
  settings: Pick<Settings, 'home' | 'rootKey' | 'databaseUrl'>,
  options: CreateOptions & { actor: string; log: Logger; onProgress: (line: string) => void },
): Promise<CreatedBackup> {
  const database = await openHomeDatabase(settings, options);
  try {
    const made = await createBackup({ url: database.url, settings }, options);
    await recordBackupAt(database.url, made, options.actor);
    return made;
  } finally {
    await database.close();
  }
}
