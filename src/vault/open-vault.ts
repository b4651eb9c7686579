/** Opens the vault at start: finds the root key, provisions a new VM, refuses a wrong key, and learns what to redact. */
import type { Database, Transaction } from '../database/client.ts';
import { underLock } from '../database/locks.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { type ConfigRows, plainPrefix, plainValue, rowNames } from './config-rows.ts';
import { createRowKey, type Keyring, openKeyringOrNothing, sealKeyring } from './keyring.ts';
import { learnSecrets } from './learn-secrets.ts';
import { authSecretToSeal, type OpenedKeys, provision } from './provision.ts';
import type { Redactor } from './redact.ts';
import { findRootKey, type KeySettings, rootKeyFile } from './root-key.ts';
import { keepRowGuard, RowGuard } from './row-guard.ts';
import { sealedPrefix } from './seal.ts';
import { noteSigning, refuseSecondSigning, type SignedRows, signRows } from './sign-rows.ts';
import { Vault } from './vault.ts';

export type OpenVaultDeps = {
  db: Database;
  settings: KeySettings;
  log: Logger;
  /** The redactor that the log already uses. */
  redactor?: Redactor;
  /** Told within the transaction that signs the rows of a VM older than their MACs. */
  onRowsSigned?: ((tx: Transaction, signed: SignedRows) => Promise<void>) | undefined;
};

/** Of years of executions. */
const signWithinMs = 600_000;

/**
 * Opens the vault.
 *
 * A new VM is provisioned: root key, keyring, `vm_auth_secret`, `vault_id`. What arrives as `plain:` in the founding
 * document's way is sealed. Nothing is written before the root key has proved to be the right one.
 *
 * @throws AlfredError E_WRONG_KEY naming both fingerprints, E_KEY_MISSING where sealed values exist and no key is found,
 * E_KEY_SOURCES_DISAGREE, E_KEY_UNSAFE, E_SEALED_VALUE for a damaged keyring, E_ROW_ALTERED for an older one
 */
export async function openVault({
  db,
  settings,
  log,
  redactor,
  onRowsSigned,
}: OpenVaultDeps): Promise<Vault> {
  const { rootKey, vaultId, keyring } = await underLock(db.pool, 'provisioning', async () => {
    const rows = new Map((await db.prisma.config.findMany()).map(({ key, value }) => [key, value]));
    const keyringValue = rows.get(rowNames.keyring);
    const opened = keyringValue?.startsWith(sealedPrefix)
      ? await openProvisioned({ db, settings, log }, rows, keyringValue)
      : await provision({ db, settings, log }, rows);
    return { ...opened, keyring: await guardRows({ db, settings, log, onRowsSigned }, opened) };
  });
  if (rootKey.source === 'environment') {
    log.warn(
      'the root key comes from the environment, which other processes of this user can read; a file is safer',
    );
  }
  const vault = new Vault(
    { vaultId, fingerprint: rootKey.fingerprint, keySource: rootKey.source, keyFile: rootKey.file },
    keyring,
    redactor,
  );
  redactRootKey(vault.redactor, rootKey.key);
  await learnSecrets(db, vault, log);
  return vault;
}

/**
 * Has the rows of this database signed and checked from now on. Where none is signed yet, all are, and the keyring says so
 * from then on.
 *
 * @throws AlfredError E_ROW_ALTERED when they were signed before, and the keyring is an older one
 */
async function guardRows(
  { db, settings, log, onRowsSigned }: Pick<OpenVaultDeps, 'db' | 'settings' | 'log' | 'onRowsSigned'>,
  { rootKey, vaultId, keyring }: OpenedKeys,
): Promise<Keyring> {
  if (keyring.rowKeys.length > 0) {
    keepRowGuard(db.prisma, new RowGuard({ vaultId, rowKeys: keyring.rowKeys }));
    await noteSigning(settings, vaultId);
    return keyring;
  }
  await refuseSecondSigning(settings, vaultId);
  const guarded = { ...keyring, rowKeys: [createRowKey()] };
  keepRowGuard(db.prisma, new RowGuard({ vaultId, rowKeys: guarded.rowKeys }));
  await db.transaction(
    async (tx) => {
      const signed = await signRows(tx);
      const value = sealKeyring(guarded, rootKey.key, vaultId);
      await tx.config.update({ where: { key: rowNames.keyring }, data: { value } });
      // A new VM has none.
      if (Object.values(signed).every((count) => count === 0)) return;
      await onRowsSigned?.(tx, signed);
      log.info({ signed }, 'the rows that direct or admit are signed');
    },
    { timeoutMs: signWithinMs },
  );
  await noteSigning(settings, vaultId);
  return guarded;
}

/**
 * The keys of a VM that is provisioned. The keyring is the canary: it opens under the right root key alone.
 *
 * @throws AlfredError E_KEY_MISSING, E_WRONG_KEY, E_SEALED_VALUE
 */
async function openProvisioned(
  { db, settings, log }: Pick<OpenVaultDeps, 'db' | 'settings' | 'log'>,
  rows: ConfigRows,
  keyringValue: string,
): Promise<OpenedKeys> {
  const expected = plainValue(rows, rowNames.fingerprint);
  const rootKey = await findRootKey(settings);
  if (!rootKey) {
    throw new AlfredError(
      'E_KEY_MISSING',
      `This VM's values are sealed under the root key ${expected ?? '(unknown)'}, and no root key was found. No new one is made, as it could not open them.`,
      {
        remedy: `Put the key back into ${rootKeyFile(settings)}: from a copy, or from the recovery words with npx alfred key restore. Then start again.`,
      },
    );
  }
  const vaultId = plainValue(rows, rowNames.vaultId);
  const openWith = (value = '') => vaultId && openKeyringOrNothing(value, rootKey.key, vaultId);
  const present = openWith(keyringValue);
  // While the root key changes, the one that is to come opens it too.
  const keyring = present || openWith(rows.get(rowNames.nextKeyring));
  if (vaultId === undefined || !keyring) {
    if (expected !== rootKey.fingerprint) {
      throw new AlfredError(
        'E_WRONG_KEY',
        `The root key found (${rootKey.source}) is ${rootKey.fingerprint}, and this VM's values are sealed under ${expected ?? 'another one'}. Nothing was changed.`,
        {
          remedy: `Put the key ${expected ?? 'that this VM was provisioned with'} in place of the other one, then start again.`,
        },
      );
    }
    throw new AlfredError(
      'E_SEALED_VALUE',
      `The root key is the right one, but the keyring does not open: the config rows ${rowNames.keyring} or ${rowNames.vaultId} were damaged.`,
      { remedy: 'Restore these two rows from a backup.' },
    );
  }
  const repaired = authSecretToSeal(rows, keyring, vaultId);
  if (present && expected !== rootKey.fingerprint) {
    log.warn(`the config row ${rowNames.fingerprint} did not name the root key in use, and does now`);
    repaired.push([rowNames.fingerprint, `${plainPrefix}${rootKey.fingerprint}`]);
  }
  for (const [key, value] of repaired) {
    await db.prisma.config.upsert({ where: { key }, create: { key, value }, update: { value } });
  }
  return { rootKey, vaultId, keyring };
}

/** Has a root key redacted in each of its forms. */
export function redactRootKey(redactor: Redactor, key: Buffer): void {
  for (const form of ['base64', 'base64url', 'hex'] as const) {
    redactor.register(rowNames.keyring, key.toString(form));
  }
}
