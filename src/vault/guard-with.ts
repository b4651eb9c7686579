import type { Database } from '../database/client.ts';
import { keyringOf } from './keyring-of.ts';
import { keepRowGuard, RowGuard } from './row-guard.ts';
import type { Vault } from './vault.ts';

/** Has the rows of `db` signed and checked under the keys of `vault`, also where another client opened it. */
export function guardWith(vault: Vault, db: Pick<Database, 'prisma'>): void {
  const { rowKeys } = keyringOf(vault);
  keepRowGuard(db.prisma, new RowGuard({ vaultId: vault.vaultId, rowKeys }));
}
