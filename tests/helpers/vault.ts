/** A provisioned vault over a test's database, with its root key in a temporary home. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Database } from '../../src/database/client.ts';
import { createLogger } from '../../src/kernel/log.ts';
import type { Settings } from '../../src/kernel/settings.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import type { Vault } from '../../src/vault/vault.ts';

export type TestVault = Vault & { home: string; remove(): Promise<void> };

/** Root key settings that look nowhere but in `home`. */
export const keySettings = (home: string): Pick<Settings, 'home' | 'rootKey'> => ({
  home,
  rootKey: { credentialsDirectory: undefined, file: undefined, value: undefined },
});

/** Call `remove` in `afterAll`. */
export async function createTestVault(db: Database): Promise<TestVault> {
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-vault-'));
  const log = createLogger({ level: 'warn', format: 'json', redact: (line) => line });
  const vault = await openVault({ db, settings: keySettings(home), log });
  return Object.assign(vault, { home, remove: () => rm(home, { recursive: true, force: true }) });
}
