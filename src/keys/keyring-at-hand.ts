import type { Transaction } from '../database/client.ts';
import { underLock } from '../database/locks.ts';
import { AlfredError } from '../kernel/errors.ts';
import { type AdoptDeps, adoptKeys } from '../vault/adopt-keys.ts';
import { type ConfigRows, rowNames } from '../vault/config-rows.ts';
import { type Keyring, openKeyringOrNothing, sealKeyring } from '../vault/keyring.ts';
import { findRootKey, type RootKey } from '../vault/root-key.ts';

export type KeyDeps = AdoptDeps & {
  /** Has the roster know which keys this process holds. */
  sayKeys(): Promise<void>;
};

/** The keyring as it is at this moment: nobody else changes it meanwhile. */
export type KeyringAtHand = {
  tx: Transaction;
  rootKey: RootKey;
  keyring: Keyring;
  rows: ConfigRows;
  /** Writes a row of the config that the vault keeps itself; null removes it. */
  put(row: string, value: string | null): Promise<void>;
  seal(keyring: Keyring, rootKey: Buffer): string;
};

/**
 * Runs `work` with the keyring, alone and in one transaction; then this process goes on with what it is by then.
 *
 * @throws AlfredError E_WRONG_KEY when the root key that is found does not open it, and what `work` throws
 */
export async function withKeyring<T>(deps: KeyDeps, work: (at: KeyringAtHand) => Promise<T>): Promise<T> {
  const { db, vault, settings } = deps;
  const done = await underLock(db.pool, 'provisioning', async () => {
    const rootKey = await findRootKey(settings);
    return db.transaction(async (tx) => {
      const found = await tx.config.findMany({ where: { key: { in: Object.values(rowNames) } } });
      const rows = new Map(found.map(({ key, value }) => [key, value]));
      const openWith = (row: string) =>
        rootKey && openKeyringOrNothing(rows.get(row) ?? '', rootKey.key, vault.vaultId);
      const keyring = openWith(rowNames.keyring) ?? openWith(rowNames.nextKeyring);
      if (!rootKey || !keyring) {
        throw new AlfredError(
          'E_WRONG_KEY',
          `The root key ${rootKey?.fingerprint ?? '(none)'} does not open the keyring of this VM any more.`,
          { remedy: 'See who changed it, or the database: npx alfred audit list' },
        );
      }
      return work({
        tx,
        rootKey,
        keyring,
        rows,
        async put(key, value) {
          if (value === null) await tx.config.deleteMany({ where: { key } });
          else await tx.config.upsert({ where: { key }, create: { key, value }, update: { value } });
        },
        seal: (changed, key) => sealKeyring(changed, key, vault.vaultId),
      });
    });
  });
  await goOnWithKeys(deps);
  return done;
}

/** This process takes the keys as they are now, and says so. */
export async function goOnWithKeys(deps: KeyDeps): Promise<void> {
  await adoptKeys(deps);
  await deps.sayKeys();
}
