/** The home of a VM, opened for a backup by hand: whether the VM runs or not. */
import { readConfig } from '../config/read-config.ts';
import { openDatabase } from '../database/client.ts';
import { requireCurrentSchema } from '../database/current-schema.ts';
import type { OpenDatabase } from '../database/start-under-lock.ts';
import { isAlfredError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { openVault } from '../vault/open-vault.ts';
import { Redactor } from '../vault/redact.ts';
import type { BackupPlace } from './backup-place.ts';
import { type CreatedBackup, type CreateOptions, createBackup } from './create-backup.ts';
import { openHomeDatabase } from './home-database.ts';
import { openPlace, readStore } from './open-place.ts';
import { recordBackupAt } from './record-backup.ts';
import type { StoreSettings } from './s3-client.ts';

type HomeSettings = Pick<Settings, 'home' | 'rootKey' | 'databaseUrl'>;

/** What the settings of a home say of backups. */
export type StoredBackups = {
  recipients: readonly string[] | undefined;
  /** Undefined where it is a store without a key. */
  place: BackupPlace | undefined;
  store: StoreSettings | undefined;
};

export type OpenHome = OpenDatabase & {
  /** Or why they cannot be read: then a backup can be made all the same, by somebody who says for whom and where to. */
  stored: StoredBackups | { unreadable: string };
};

/**
 * Opens it. Nothing is migrated, and nothing written.
 *
 * @throws AlfredError as openHomeDatabase does
 */
export async function openHome(
  settings: HomeSettings,
  options: { log: Logger; onProgress: (line: string) => void },
): Promise<OpenHome> {
  const database = await openHomeDatabase(settings, options);
  try {
    return { ...database, stored: await readStored(database.url, settings, options.log) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Backs it up, and puts that on record. @throws AlfredError as createBackup does */
export async function backUpHome(
  { url }: OpenHome,
  settings: HomeSettings,
  options: CreateOptions & { actor: string },
): Promise<CreatedBackup> {
  const made = await createBackup({ url, settings }, options);
  await recordBackupAt(url, made, options.actor);
  return made;
}

async function readStored(url: string, settings: HomeSettings, log: Logger): Promise<OpenHome['stored']> {
  try {
    // An older program's are not touched: opening them could change them.
    await requireCurrentSchema(url);
  } catch (error) {
    if (isAlfredError(error)) return { unreadable: error.message };
    throw error;
  }
  const db = await openDatabase(url, { connections: 2 });
  try {
    const vault = await openVault({ db, settings, log, redactor: new Redactor() });
    const { backup_recipients: recipients } = await readConfig(db.prisma, 'backup_recipients');
    const store = await readStore({ db, vault });
    const place = await openPlace({ db, vault, settings }).catch((error: unknown) => {
      if (isAlfredError(error, 'E_BACKUP')) return undefined; // who makes it says where to
      throw error;
    });
    return { recipients, place, store };
  } catch (error) {
    if (isAlfredError(error)) return { unreadable: error.message };
    throw error;
  } finally {
    await db.close();
  }
}
