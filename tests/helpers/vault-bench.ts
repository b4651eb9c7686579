/** A database with a vault over it, for a whole test file. */
import { beforeAll } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { createTestVault, type TestVault } from './vault.ts';

export type VaultBench = { db: TestDatabase; vault: TestVault };

/** Gives the test file that calls it both before its first test, and removes them after its last. */
export function provideVault(take: (bench: VaultBench) => void | Promise<void>): void {
  beforeAll(async () => {
    const db = await createTestDatabase();
    const vault = await createTestVault(db);
    await take({ db, vault });
    return async () => {
      await vault.remove();
      await db.drop();
    };
  });
}
