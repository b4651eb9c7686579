/** Where backups are written and read, as a command line names it: a folder, or a bucket of a store. */
import path from 'node:path';
import type { BackupPlace, BackupSource } from '../backup/backup-place.ts';
import type { StoreSettings } from '../backup/s3-client.ts';
import { readStorePlace } from '../config/store-address.ts';
import type { Context } from './context.ts';
import { usageProblem } from './problem.ts';
import { type StoreOptions, storeFor } from './store-inputs.ts';

/** @param stored asked for what is known of the store, where the name is of one */
export async function placeAt(
  context: Context,
  name: string,
  options: StoreOptions,
  stored: () => Promise<StoreSettings | undefined>,
): Promise<BackupPlace> {
  const inStore = readStorePlace(name);
  if (inStore === undefined) {
    const { folderPlace } = await import('../backup/folder-place.ts');
    return folderPlace(path.resolve(name));
  }
  const store = await storeFor(context, options, await stored());
  const { s3Place } = await import('../backup/s3-place.ts');
  return s3Place(inStore, store);
}

/**
 * The file, or the object of a store, that is to be read.
 * @param list the command that lists a bucket's backups
 * @param place finds the bucket that an object's name begins with
 * @throws AlfredError E_BACKUP when it is not there
 */
export async function sourceAt(
  name: string,
  list: string,
  place: (bucket: string) => Promise<BackupPlace>,
): Promise<BackupSource> {
  if (readStorePlace(name) === undefined) {
    const { openFile } = await import('../backup/folder-place.ts');
    return await openFile(path.resolve(name));
  }
  const at = name.lastIndexOf('/');
  if (readStorePlace(name.slice(0, at)) === undefined) {
    throw usageProblem(`${name} is a bucket, and no backup`, `see what is in it: ${list} --to s3://…`);
  }
  return await (await place(name.slice(0, at))).open(name.slice(at + 1));
}
