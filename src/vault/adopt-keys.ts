/** Goes on with the keys as they are now, where another process, or this one, changed them. */
import type { Database } from '../database/client.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { rowNames } from './config-rows.ts';
import { openKeyringOrNothing } from './keyring.ts';
import { redactRootKey } from './open-vault.ts';
import { findRootKey, type KeySettings, type RootKey } from './root-key.ts';
import { keepRowGuard, RowGuard } from './row-guard.ts';
import type { Vault } from './vault.ts';

export type AdoptDeps = { db: Database; vault: Vault; settings: KeySettings; log: Logger };

/**
 * Reads the keyring anew, and the root key from where it is found at the start. A keyring that does not open, or is older
 * than the one in use, changes nothing: it is in the log.
 *
 * @returns whether the keys are others now
 */
export async function adoptKeys({ db, vault, settings, log }: AdoptDeps): Promise<boolean> {
  const found = await db.prisma.config.findMany({
    where: { key: { in: [rowNames.keyring, rowNames.nextKeyring] } },
  });
  const rows = new Map(found.map(({ key, value }) => [key, value]));
  const rootKey = await findOrSay(settings, log);
  if (!rootKey) return false;
  const openWith = (row: string) => openKeyringOrNothing(rows.get(row) ?? '', rootKey.key, vault.vaultId);
  const keyring = openWith(rowNames.keyring) ?? openWith(rowNames.nextKeyring);
  const { fingerprint, source: keySource, file: keyFile } = rootKey;
  if (!keyring || keyring.generation < vault.keys) {
    log.error(
      `the keyring ${keyring ? 'in the database is an older one' : `does not open with the root key ${fingerprint}`}: this process goes on with the one that it has`,
    );
    return false;
  }
  if (keyring.generation === vault.keys && fingerprint === vault.fingerprint) return false;
  redactRootKey(vault.redactor, rootKey.key);
  vault.adopt({ vaultId: vault.vaultId, fingerprint, keySource, keyFile }, keyring);
  keepRowGuard(db.prisma, new RowGuard({ vaultId: vault.vaultId, rowKeys: keyring.rowKeys }));
  return true;
}

async function findOrSay(settings: KeySettings, log: Logger): Promise<RootKey | undefined> {
  try {
    const rootKey = await findRootKey(settings);
    if (!rootKey) log.error('the root key is gone from where it was found at the start');
    return rootKey;
  } catch (error) {
    if (!isAlfredError(error)) throw error;
    log.error(`the keys could not be read anew: ${messageOf(error)}`);
    return undefined;
  }
}
