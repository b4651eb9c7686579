/** A change of the keys goes on by itself behind what passes: transactions that took too long, and a database that was away. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Prisma } from '../../generated/prisma/client.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { sealEverything } from '../../tests/helpers/sealed.ts';
import { createTestVault, keySettings, type TestVault } from '../../tests/helpers/vault.ts';
import { configPlace } from '../config/put-config.ts';
import type { RotatedKey } from '../contract/vault.ts';
import type { Database, Transaction } from '../database/client.ts';
import { createLogger } from '../kernel/log.ts';
import { keyringOf } from '../vault/keyring-of.ts';
import { openSealed } from '../vault/open.ts';
import { findSealedPlaces } from '../vault/sealed-places.ts';
import { KeyRotation } from './key-rotation.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });

let db: TestDatabase;
let vault: TestVault;
beforeEach(async () => {
  db = await createTestDatabase();
  vault = await createTestVault(db);
  await sealEverything(db, vault);
});
afterEach(async () => {
  await db.drop();
  await vault.remove();
});

/** What Prisma throws once a transaction took longer than it may. */
const tooLong = () =>
  new Prisma.PrismaClientKnownRequestError('Transaction already closed', {
    ...{ code: 'P2028', clientVersion: Prisma.prismaVersion.client },
  });

function rotationOf(over: { db?: Database; sayKeys?: () => Promise<void> } = {}): KeyRotation {
  const deps = { db, vault, settings: keySettings(vault.home), log, sayKeys: async () => {}, ...over };
  return new KeyRotation(deps, { patienceMs: 10_000, backoff: { baseMs: 1, capMs: 2 } });
}

async function rotate(key: RotatedKey, rotation: KeyRotation): Promise<void> {
  await rotation.start(key, 'owner');
  await rotation.settled();
  expect(await rotation.state()).toBeNull();
}

/** What is on record of changes: each once, however often it went on. */
async function acts(): Promise<string[]> {
  const found = await db.prisma.auditInbox.findMany({
    where: { action: { startsWith: 'key.' } },
    orderBy: { id: 'asc' },
  });
  return found.map(({ action, subject }) => `${action} ${subject}`);
}

async function expectOneDataKey(id: number): Promise<void> {
  expect([...keyringOf(vault).keys.keys()]).toEqual([id]);
  for (const { place, sealed, label } of await findSealedPlaces(db.prisma))
    openSealed(vault, place, sealed, label);
}

it('with fewer rows in a transaction, where a machine is too busy for as many', async () => {
  const keys = Array.from({ length: 300 }, (_, index) => `made_${index}_token`);
  await db.prisma.config.createMany({
    data: keys.map((key) => ({ key, value: vault.seal(configPlace(key), `value of ${key}`, key) })),
  });
  const ended: number[] = [];
  const transaction: Database['transaction'] = (work, options) =>
    db.transaction(async (tx) => {
      const result = await work(tx);
      const rows = await writtenBy(tx);
      if (rows <= 40) return result;
      ended.push(rows);
      throw tooLong();
    }, options);
  await rotate('data', rotationOf({ db: { ...db, transaction } }));
  expect(ended[0]).toBeGreaterThan(200);
  expect(ended.slice(1).every((rows, index) => rows < (ended[index] ?? 0))).toBe(true);
  await expectOneDataKey(2);
  expect(await acts()).toEqual(['key.rotation_begun data', 'key.rotated data']);
});

/** How many values a transaction has written by now. */
async function writtenBy(tx: Transaction): Promise<number> {
  const rows = await tx.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM config WHERE xmin::text::bigint = (pg_current_xact_id()::text::bigint & 4294967295)`;
  return Number(rows[0]?.count ?? 0);
}

it.each(['data', 'root'] as const)(
  'wherever the database went away in one of the %s keys, which is begun once',
  async (key) => {
    for (let failsAt = 1, hasFailed = true; hasFailed; failsAt++) {
      await db.prisma.auditInbox.deleteMany();
      const before = vault.fingerprint;
      const generation = Math.max(...keyringOf(vault).keys.keys());
      let said = 0;
      const sayKeys = async () => {
        said += 1;
        if (said === failsAt) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      };
      await rotate(key, rotationOf({ sayKeys }));
      hasFailed = said >= failsAt;
      await expectOneDataKey(generation + 1);
      expect(vault.fingerprint === before).toBe(key === 'data');
      const begun = (await acts()).filter((act) => act.startsWith('key.rotation_begun'));
      expect(begun).toEqual([`key.rotation_begun ${key}`]);
    }
  },
);

it('ends its pause when the VM stops, and what was begun goes on at the next start', async () => {
  const away = { ...db, transaction: () => Promise.reject(tooLong()) };
  const backoff = { baseMs: 3_600_000, capMs: 3_600_000 };
  const deps = { vault, settings: keySettings(vault.home), log, sayKeys: async () => {} };
  const stopped = new KeyRotation({ ...deps, db: away }, { backoff });
  await stopped.start('data', 'owner');
  await stopped.stop();
  await rotate('data', rotationOf());
  await expectOneDataKey(2);
});
