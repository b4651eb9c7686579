/** What the environment says of Core's backups: when they are made by themselves, for whom, and where to. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { BackupPlace } from '../../src/backup/backup-place.ts';
import type { Keep } from '../../src/backup/prune-backups.ts';
import type { StoreSettings } from '../../src/backup/s3-client.ts';
import { readStorePlace } from '../../src/config/store-address.ts';
import {
  backupPlace,
  baseUrl,
  cron,
  days,
  keyId,
  recipients,
  region,
  whole,
} from '../../src/config/values.ts';
import { AlfredError, messageOf } from '../../src/kernel/errors.ts';

export const backupVariables = {
  CORE_BACKUP_SCHEDULE: cron.optional(),
  CORE_BACKUP_RECIPIENTS: recipients.optional(),
  CORE_BACKUP_TO: backupPlace.optional(),
  CORE_BACKUP_KEEP: whole('use a number of backups', { min: 1, max: 1000 }).default(7),
  CORE_BACKUP_KEEP_DAYS: days.optional(),
  CORE_BACKUP_S3_ENDPOINT: baseUrl.optional(),
  CORE_BACKUP_S3_REGION: region.default('us-east-1'),
  CORE_BACKUP_S3_KEY_ID: keyId.optional(),
  CORE_BACKUP_S3_SECRET_FILE: z.string().optional(),
};
type BackupEnvironment = z.output<z.ZodObject<typeof backupVariables>>;

export type CoreBackupSettings = {
  /** A cron expression, in UTC. */
  schedule: string | undefined;
  recipients: readonly string[];
  /** A folder, or `s3://…`; undefined: `backups/` of the home. */
  to: string | undefined;
  keep: Keep;
  /** Where the secret of the store's key is in a file. */
  store: (Omit<StoreSettings, 'secretKey'> & { secretFile: string }) | undefined;
};

/** What does not go together: by the variable that is missing. */
export function* backupProblems(env: BackupEnvironment): Generator<[name: string, message: string]> {
  if (env.CORE_BACKUP_SCHEDULE !== undefined && env.CORE_BACKUP_RECIPIENTS === undefined)
    yield ['CORE_BACKUP_RECIPIENTS', 'a schedule needs the public keys of age (age1…) that backups are for'];
  const inStore = env.CORE_BACKUP_TO?.startsWith('s3://') === true;
  const hasKey = env.CORE_BACKUP_S3_KEY_ID !== undefined && env.CORE_BACKUP_S3_SECRET_FILE !== undefined;
  if (inStore && !hasKey)
    yield ['CORE_BACKUP_S3_KEY_ID', 's3:// takes CORE_BACKUP_S3_KEY_ID and CORE_BACKUP_S3_SECRET_FILE'];
}

export function backupSettingsOf(env: BackupEnvironment): CoreBackupSettings {
  const { CORE_BACKUP_S3_KEY_ID: id, CORE_BACKUP_S3_SECRET_FILE: secretFile } = env;
  return {
    schedule: env.CORE_BACKUP_SCHEDULE,
    recipients: env.CORE_BACKUP_RECIPIENTS ?? [],
    to: env.CORE_BACKUP_TO,
    keep: { count: env.CORE_BACKUP_KEEP, days: env.CORE_BACKUP_KEEP_DAYS },
    store:
      id === undefined || secretFile === undefined
        ? undefined
        : {
            endpoint: env.CORE_BACKUP_S3_ENDPOINT,
            region: env.CORE_BACKUP_S3_REGION,
            keyId: id,
            secretFile,
            pathStyle: true,
            // The operator named it in the environment of the service.
            allowPrivateNetwork: true,
          },
  };
}

/** The store that is set, with its secret; undefined where none is. @throws AlfredError E_BACKUP when the file cannot be read */
export async function readCoreStore({ store }: CoreBackupSettings): Promise<StoreSettings | undefined> {
  if (store === undefined) return undefined;
  const { secretFile, ...rest } = store;
  const secretKey = await readFile(secretFile, 'utf8').catch((cause: unknown) => {
    throw new AlfredError('E_BACKUP', `The secret of the store cannot be read: ${messageOf(cause)}`, {
      remedy: 'CORE_BACKUP_S3_SECRET_FILE names a file that Core may read.',
      cause,
    });
  });
  return { ...rest, secretKey: secretKey.trim() };
}

/** Where backups go. @throws AlfredError E_BACKUP */
export async function openCorePlace(home: string, backups: CoreBackupSettings): Promise<BackupPlace> {
  const inStore = backups.to === undefined ? undefined : readStorePlace(backups.to);
  const store = inStore && (await readCoreStore(backups));
  if (inStore && store) {
    const { s3Place } = await import('../../src/backup/s3-place.ts');
    return s3Place(inStore, store);
  }
  const { folderPlace } = await import('../../src/backup/folder-place.ts');
  return folderPlace(backups.to ?? path.join(home, 'backups'));
}
