/** Where backups of a Core are written and read: what a command line names, and what the environment of Core says. */
import path from 'node:path';
import type { BackupPlace, BackupSource } from '../backup/backup-place.ts';
import { readStorePlace } from '../config/store-address.ts';
import type { Context } from './context.ts';
import { usageProblem } from './problem.ts';
import { type StoreOptions, storeFor } from './store-inputs.ts';

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
  const named = to ?? backups.to ?? path.join(home, 'backups');
  const inStore = readStorePlace(named);
  if (inStore === undefined) {
    const { folderPlace } = await import('../backup/folder-place.ts');
    return folderPlace(path.resolve(named));
  }
  const store = await storeFor(context, options, await readCoreStore(backups));
  const { s3Place } = await import('../backup/s3-place.ts');
  return s3Place(inStore, store);
}

/** The file, or the object of a store, that is to be read. @throws AlfredError E_BACKUP when it is not there */
export async function coreSource(
  context: Context,
  name: string,
  options: StoreOptions,
): Promise<BackupSource> {
  if (readStorePlace(name) === undefined) {
    const { openFile } = await import('../backup/folder-place.ts');
    return await openFile(path.resolve(name));
  }
  const at = name.lastIndexOf('/');
  if (readStorePlace(name.slice(0, at)) === undefined)
    throw usageProblem(
      `${name} is a bucket, and no backup`,
      'see what is in it: alfred core backup list --to s3://…',
    );
  const place = await corePlace(context, name.slice(0, at), options);
  return await place.open(name.slice(at + 1));
}
