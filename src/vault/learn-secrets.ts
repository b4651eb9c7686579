import type { Database } from '../database/client.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { openSealed } from './open.ts';
import { findSealedPlaces } from './sealed-places.ts';
import type { Vault } from './vault.ts';

/** Opens every sealed value once, so that each is redacted from here on; one that does not open is named. */
export async function learnSecrets(db: Database, vault: Vault, log: Logger): Promise<void> {
  for (const { place, sealed, label } of await findSealedPlaces(db.prisma)) {
    try {
      openSealed(vault, place, sealed, label);
    } catch (error) {
      log.error({ secret: label }, messageOf(error));
    }
  }
}
