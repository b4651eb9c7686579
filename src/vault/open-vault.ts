/** Opens the vault at start: finds the root key, provisions a new VM, refuses a wrong key, and learns what to redact. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '../database/client.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { createKeyring, keyringRow, openKeyring, sealKeyring } from './keyring.ts';
import { openSealed } from './open.ts';
import type { Place } from './place.ts';
import type { Redactor } from './redact.ts';
import {
  createRootKey,
  decodeRootKey,
  findRootKey,
  fingerprintOfRootKey,
  type RootKey,
  rootKeyFile,
} from './root-key.ts';
import { sealedPrefix } from './seal.ts';
import { findSealedPlaces, showPlaces } from './sealed-places.ts';
import { Vault } from './vault.ts';

export type OpenVaultDeps = {
  db: Database;
  settings: Pick<Settings, 'home' | 'rootKey'>;
  log: Logger;
  /** The redactor that the log already uses. */
  redactor?: Redactor;
};

const authSecretRow = 'vm_auth_secret';
const vaultIdRow = 'vault_id';
const fingerprintRow = 'root_key_fingerprint';
const plainPrefix = 'plain:';
const placeOf = (key: string): Place => ({ table: 'config', rowId: key, pointer: '/value' });

/**
 * Opens the vault.
 *
 * A new VM is provisioned: root key, keyring, `vm_auth_secret`, `vault_id`. What arrives as `plain:` in the founding
 * document's way is sealed. Nothing is written before the root key has proved to be the right one.
 *
 * @throws AlfredError E_WRONG_KEY naming both fingerprints, E_KEY_MISSING where sealed values exist and no key is found,
 * E_KEY_SOURCES_DISAGREE, E_KEY_UNSAFE, E_SEALED_VALUE for a damaged keyring
 */
export async function openVault({ db, settings, log, redactor }: OpenVaultDeps): Promise<Vault> {
  const rows = new Map((await db.prisma.config.findMany()).map(({ key, value }) => [key, value]));
  const keyringValue = rows.get(keyringRow);
  const isProvisioned = keyringValue?.startsWith(sealedPrefix) ?? false;

  const rootKey = isProvisioned
    ? await provisionedRootKey(settings, plainValue(rows, fingerprintRow))
    : await firstRootKey(db, settings, keyringValue);
  if (rootKey.source === 'environment') {
    log.warn(
      'the root key comes from the environment, which other processes of this user can read; a file is safer',
    );
  }

  const vaultId = plainValue(rows, vaultIdRow) ?? randomUUID();
  const keyring =
    isProvisioned && keyringValue ? openKeyring(keyringValue, rootKey.key, vaultId) : createKeyring();
  const vault = new Vault(
    { vaultId, fingerprint: rootKey.fingerprint, keySource: rootKey.source, keyFile: rootKey.file },
    keyring,
    redactor,
  );
  for (const form of ['base64', 'base64url'] as const)
    vault.redactor.register(keyringRow, rootKey.key.toString(form));

  if (!isProvisioned) {
    await provision(db, vault, sealKeyring(keyring, rootKey.key, vaultId), rows);
  } else {
    await sealPlainAuthSecret(db, vault, rows.get(authSecretRow));
  }
  await learnSecrets(db, vault, log);
  return vault;
}

/** @throws AlfredError E_KEY_MISSING, E_WRONG_KEY */
async function provisionedRootKey(
  settings: OpenVaultDeps['settings'],
  expected: string | undefined,
): Promise<RootKey> {
  const found = await findRootKey(settings);
  if (!found) {
    throw new AlfredError(
      'E_KEY_MISSING',
      `This VM's values are sealed under the root key ${expected ?? '(unknown)'}, and no root key was found. No new one is made, as it could not open them.`,
      {
        remedy: `Put the key back into ${rootKeyFile(settings)} (from a copy, or from the recovery words), then start again.`,
      },
    );
  }
  if (expected !== undefined && found.fingerprint !== expected) {
    throw new AlfredError(
      'E_WRONG_KEY',
      `The root key found (${found.source}) is ${found.fingerprint}, and this VM's values are sealed under ${expected}. Nothing was changed.`,
      { remedy: `Put the key ${expected} in place of the other one, then start again.` },
    );
  }
  return found;
}

/** The root key of a VM without a keyring: the founding document's `plain:` row, one that a source has, or a new one. */
async function firstRootKey(
  db: Database,
  settings: OpenVaultDeps['settings'],
  keyringValue: string | undefined,
): Promise<RootKey> {
  const found = await findRootKey(settings);
  if (keyringValue === undefined) {
    await refuseIfSealedValuesExist(db);
    return found ?? (await createRootKey(settings));
  }
  const given = decodeRootKey(keyringValue.slice(plainPrefix.length));
  if (!given) {
    throw new AlfredError('E_KEY_UNSAFE', `The config row ${keyringRow} holds text that is no root key.`, {
      remedy: `A root key is the base64 text of 32 bytes. Put one in the row ('plain:' before it), or delete the row to have one made: DELETE FROM config WHERE key = '${keyringRow}'`,
    });
  }
  if (found && !found.key.equals(given)) {
    throw new AlfredError(
      'E_KEY_SOURCES_DISAGREE',
      `The config row ${keyringRow} holds the root key ${fingerprintOfRootKey(given)}, and the ${found.source} has ${found.fingerprint}.`,
      { remedy: 'Keep the right one and remove the other.' },
    );
  }
  return found ?? (await createRootKey(settings, given));
}

/** A lost keyring is not replaced: what is sealed under it would be lost with it. */
async function refuseIfSealedValuesExist(db: Database): Promise<void> {
  const sealed = await findSealedPlaces(db.prisma);
  if (sealed.length === 0) return;
  throw new AlfredError(
    'E_KEY_MISSING',
    `The database holds ${sealed.length} sealed values (${showPlaces(sealed)}) and no keyring that opens them (config row ${keyringRow}).`,
    { remedy: 'Restore that row from a backup. To start anew instead, delete the sealed values first.' },
  );
}

async function provision(
  db: Database,
  vault: Vault,
  sealedKeyring: string,
  rows: ReadonlyMap<string, string>,
): Promise<void> {
  const given = rows.get(authSecretRow);
  const authSecret = given?.startsWith(plainPrefix)
    ? given.slice(plainPrefix.length)
    : randomBytes(32).toString('base64url');
  const values: [string, string][] = [
    [keyringRow, sealedKeyring],
    [fingerprintRow, `${plainPrefix}${vault.fingerprint}`],
    [authSecretRow, vault.seal(placeOf(authSecretRow), authSecret, authSecretRow)],
    ...(rows.has(vaultIdRow) ? [] : [[vaultIdRow, `${plainPrefix}${vault.vaultId}`] as [string, string]]),
  ];
  await db.transaction(async (tx) => {
    for (const [key, value] of values) {
      await tx.config.upsert({ where: { key }, create: { key, value }, update: { value } });
    }
  });
}

async function sealPlainAuthSecret(db: Database, vault: Vault, value: string | undefined): Promise<void> {
  if (!value?.startsWith(plainPrefix)) return;
  const sealed = vault.seal(placeOf(authSecretRow), value.slice(plainPrefix.length), authSecretRow);
  await db.prisma.config.update({ where: { key: authSecretRow }, data: { value: sealed } });
}

/** Opens every sealed value once, so that each is redacted from the first line on; one that does not open is named. */
async function learnSecrets(db: Database, vault: Vault, log: Logger): Promise<void> {
  for (const { place, sealed, label } of await findSealedPlaces(db.prisma)) {
    try {
      openSealed(vault, place, sealed, label);
    } catch (error) {
      log.error({ secret: label }, messageOf(error));
    }
  }
}

const plainValue = (rows: ReadonlyMap<string, string>, key: string): string | undefined =>
  rows.get(key)?.slice(plainPrefix.length);
