/** Where the settings want backups to be. */
import path from 'node:path';
import { configPlace } from '../config/put-config.ts';
import { readConfig, rowsOf, valuesOf } from '../config/read-config.ts';
import { readStorePlace } from '../config/store-address.ts';
import type { Database } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { openSealed } from '../vault/open.ts';
import type { Vault } from '../vault/vault.ts';
import type { BackupPlace } from './backup-place.ts';
import { folderPlace } from './folder-place.ts';
import type { StoreSettings } from './s3-client.ts';
import { s3Place } from './s3-place.ts';

export type PlaceDeps = { db: Database; vault: Vault; settings: Pick<Settings, 'home'> };

/** @throws AlfredError E_BACKUP when it is a store, and a setting of that is missing; E_SEALED_VALUE, E_ROW_ALTERED */
export async function openPlace(deps: PlaceDeps): Promise<BackupPlace> {
  const { backup_to: to } = await readConfig(deps.db.prisma, 'backup_to');
  const inStore = to === undefined ? undefined : readStorePlace(to);
  if (inStore === undefined) return folderPlace(to ?? path.join(deps.settings.home, 'backups'));
  const store = await readStore(deps);
  if (store !== undefined) return s3Place(inStore, store);
  throw new AlfredError('E_BACKUP', `Backups are to go to ${to}, and no key of that store is set.`, {
    remedy: 'npx alfred config set backup_s3_key_id …; npx alfred config set backup_s3_secret_key',
  });
}

const secretKey = 'backup_s3_secret_key';
const storeKeys = [
  'backup_s3_endpoint',
  'backup_s3_region',
  'backup_s3_key_id',
  'backup_s3_path_style',
  'backup_s3_private_network',
] as const;

/** The store that is set; undefined where its key is not. @throws AlfredError E_SEALED_VALUE, E_ROW_ALTERED */
export async function readStore({
  db,
  vault,
}: Omit<PlaceDeps, 'settings'>): Promise<StoreSettings | undefined> {
  const rows = await db.prisma.config.findMany({
    where: { key: { in: [...rowsOf(storeKeys), secretKey] } },
    select: { key: true, value: true },
  });
  const config = valuesOf(db.prisma, rows, storeKeys);
  const sealed = rows.find(({ key }) => key === secretKey)?.value;
  if (sealed === undefined || config.backup_s3_key_id === undefined) return undefined;
  return {
    endpoint: config.backup_s3_endpoint,
    region: config.backup_s3_region,
    keyId: config.backup_s3_key_id,
    secretKey: openSealed(vault, configPlace(secretKey), sealed, secretKey),
    pathStyle: config.backup_s3_path_style,
    allowPrivateNetwork: config.backup_s3_private_network,
  };
}
