/** The first start of a VM: which root key it has, and the rows that it makes. Upgrades the founding document's rows too. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { type ConfigRows, plainPrefix, plainValue, rowNames } from './config-rows.ts';
import { createKeyring, type Keyring, sealKeyring } from './keyring.ts';
import {
  createRootKey,
  decodeRootKey,
  findRootKey,
  fingerprintOfRootKey,
  type KeySettings,
  type RootKey,
} from './root-key.ts';
import { dataKeyIdOf, sealValue } from './seal.ts';
import { findSealedPlaces, type SealedPlace, showPlaces } from './sealed-places.ts';

export type OpenedKeys = { rootKey: RootKey; vaultId: string; keyring: Keyring };

/**
 * Provisions a database that has no keyring: root key (unless a source has one), keyring, `vault_id`, `vm_auth_secret`.
 * The root key is on disk before anything is sealed under it.
 *
 * @throws AlfredError E_KEY_MISSING where values are sealed already, E_KEY_SOURCES_DISAGREE, E_KEY_UNSAFE
 */
export async function provision(
  { db, settings, log }: { db: Database; settings: KeySettings; log: Logger },
  rows: ConfigRows,
): Promise<OpenedKeys> {
  const rootKey = await firstRootKey(db, settings, rows.get(rowNames.keyring));
  if (rows.has(rowNames.keyring)) {
    log.warn('the root key stood in the database in plain text until now: earlier dumps of it can be read');
  }
  const vaultId = plainValue(rows, rowNames.vaultId) ?? randomUUID();
  const keyring = createKeyring();
  const values: [string, string][] = [
    [rowNames.keyring, sealKeyring(keyring, rootKey.key, vaultId)],
    [rowNames.fingerprint, `${plainPrefix}${rootKey.fingerprint}`],
    ...(rows.has(rowNames.vaultId)
      ? []
      : [[rowNames.vaultId, `${plainPrefix}${vaultId}`] satisfies [string, string]]),
    ...authSecretToSeal(rows, keyring, vaultId),
  ];
  await db.transaction(async (tx) => {
    for (const [key, value] of values) {
      await tx.config.upsert({ where: { key }, create: { key, value }, update: { value } });
    }
  });
  return { rootKey, vaultId, keyring };
}

/** The row `vm_auth_secret` as it must be written: sealed when it is plain, made when it is missing; nothing otherwise. */
export function authSecretToSeal(rows: ConfigRows, keyring: Keyring, vaultId: string): [string, string][] {
  const rowId = rowNames.authSecret;
  const stored = rows.get(rowId);
  if (stored !== undefined && !stored.startsWith(plainPrefix)) return [];
  const secret = plainValue(rows, rowId) || randomBytes(32).toString('base64url');
  return [[rowId, sealValue(keyring.active, vaultId, { table: 'config', rowId, pointer: '/value' }, secret)]];
}

/** The root key of a VM without a keyring: the founding document's `plain:` row, one that a source has, or a new one. */
async function firstRootKey(
  db: Database,
  settings: KeySettings,
  keyringValue: string | undefined,
): Promise<RootKey> {
  const found = await findRootKey(settings);
  const sealed = await findSealedPlaces(db.prisma);
  if (keyringValue === undefined) {
    refuseLostKeyring(sealed);
    return found ?? (await createRootKey(settings));
  }
  // The founding document's own rows may say `encrypted:` before what this vault never sealed; only ours were under a keyring.
  refuseLostKeyring(sealed.filter((place) => dataKeyIdOf(place.sealed) !== undefined));
  const given = decodeRootKey(keyringValue.slice(plainPrefix.length));
  if (!given) {
    throw new AlfredError(
      'E_KEY_UNSAFE',
      `The config row ${rowNames.keyring} holds text that is no root key. Nothing was changed.`,
      {
        remedy: `A root key is the base64 text of 32 bytes. Put one in the row ('plain:' before it), or delete the row to have one made: DELETE FROM config WHERE key = '${rowNames.keyring}'`,
      },
    );
  }
  if (found && !found.key.equals(given)) {
    throw new AlfredError(
      'E_KEY_SOURCES_DISAGREE',
      `The config row ${rowNames.keyring} holds the root key ${fingerprintOfRootKey(given)}, and the ${found.source} has ${found.fingerprint}.`,
      { remedy: 'Keep the right one and remove the other.' },
    );
  }
  return found ?? (await createRootKey(settings, given));
}

/** A lost keyring is not replaced: what is sealed under it would be lost with it. */
function refuseLostKeyring(sealed: readonly SealedPlace[]): void {
  if (sealed.length === 0) return;
  throw new AlfredError(
    'E_KEY_MISSING',
    `The database holds ${sealed.length} sealed values (${showPlaces(sealed)}) and no keyring that opens them (config row ${rowNames.keyring}).`,
    { remedy: 'Restore that row from a backup. To start anew instead, delete the sealed values first.' },
  );
}
