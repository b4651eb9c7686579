/** Where backups of a Core are written and read: what a command line names, and what the environment of Core says. */
import path from 'node:path';
import type { BackupPlace, BackupSource } from '../backup/backup-place.ts';
import { placeAt, sourceAt } from './backup-places.ts';
import type { Context } from './context.ts';
import type { StoreOptions } from './store-inputs.ts';

/**
 * @param to as it was named; what CORE_BACKUP_TO says when left out, or `backups/` of the home
 * @throws CliProblem naming what is missing of a store where nobody can be asked
 */
export async function corePlace(
  context: Context,
  to: string | undefined,
  options: StoreOptions,
): Promise<BackupPlace> {
  const { readCoreSettings } = await import('../../core/settings.ts');
  const { readCoreStore } = await import('../../core/backup/backup-settings.ts');
  const { home, backups } = readCoreSettings(context.env);
  const name = to ?? backups.to ?? path.join(home, 'backups');
  return await placeAt(context, name, options, () => readCoreStore(backups));
}

/** The file, or the object of a store, that is to be read. @throws AlfredError E_BACKUP when it is not there */
export const coreSource = (context: Context, name: string, options: StoreOptions): Promise<BackupSource> =>
  sourceAt(name, 'alfred core backup list', (bucket) => corePlace(context, bucket, options));
