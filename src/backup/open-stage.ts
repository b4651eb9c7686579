/** Opens what a backup holds with the root key: only then is it known that its secrets can be used again. */
import { type Database, openDatabase } from '../database/client.ts';
import type { Logger } from '../kernel/log.ts';
import { openVault } from '../vault/open-vault.ts';
import { Redactor } from '../vault/redact.ts';
import { findSealedPlaces } from '../vault/sealed-places.ts';
import type { Vault } from '../vault/vault.ts';
import type { Stage } from './stage.ts';

export type OpenedStage = {
  db: Database;
  vault: Vault;
  /** How many sealed values there are, and the names of those that do not open. */
  sealed: { count: number; unreadable: string[] };
};

/**
 * Runs `work` with the database and the vault of a stage, and closes them.
 *
 * @throws AlfredError E_WRONG_KEY, and what `work` throws
 */
export async function withStage<T>(
  { home, url }: Stage,
  { key, log }: { key: Buffer; log: Logger },
  work: (opened: OpenedStage) => Promise<T>,
): Promise<T> {
  const db = await openDatabase(url, { connections: 4 });
  try {
    const rootKey = { credentialsDirectory: undefined, file: undefined, value: key.toString('base64') };
    const vault = await openVault({ db, settings: { home, rootKey }, log, redactor: new Redactor() });
    const places = await findSealedPlaces(db.prisma);
    const unreadable = places.filter(
      ({ place, sealed }) => vault.fingerprintOf(place, sealed) === 'unreadable',
    );
    const sealed = { count: places.length, unreadable: unreadable.map(({ label }) => label) };
    return await work({ db, vault, sealed });
  } finally {
    await db.close();
  }
}
