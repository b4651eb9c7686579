/** Changes of the keys over a database of every kind of value and row. What needs whole programs is in tests/rotation.test.ts. */
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { insertWorker, sealEverything } from '../../tests/helpers/sealed.ts';
import { createTestVault, keySettings, type TestVault } from '../../tests/helpers/vault.ts';
import { verifyAudit } from '../audit/verify/verify-audit.ts';
import { putConfig } from '../config/put-config.ts';
import { createLogger } from '../kernel/log.ts';
import { openKeyringOrNothing } from '../vault/keyring.ts';
import { keyringOf } from '../vault/keyring-of.ts';
import { nextKeyFile } from '../vault/next-root-key.ts';
import { openSealed } from '../vault/open.ts';
import { openVault } from '../vault/open-vault.ts';
import { createRootKey, findRootKey, type KeySettings } from '../vault/root-key.ts';
import { beginningUnder, openValue } from '../vault/seal.ts';
import { findSealedPlaces, sealedColumns } from '../vault/sealed-places.ts';
import type { Vault } from '../vault/vault.ts';
import { KeyRotation } from './key-rotation.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });

let db: TestDatabase;
let vault: TestVault;
let settings: KeySettings;
let secrets: Map<string, string>;
beforeEach(async () => {
  db = await createTestDatabase();
  vault = await createTestVault(db);
  settings = keySettings(vault.home);
  secrets = await sealEverything(db, vault);
});
afterEach(async () => {
  await db.drop();
  await vault.remove();
});

/** What a VM has at hand; its row says which keys it holds. */
const rotationOf = (of: Vault = vault, over: Partial<KeySettings> = {}, patienceMs = 10_000) =>
  new KeyRotation(
    { db, vault: of, settings: { ...settings, ...over }, log, sayKeys: async () => {} },
    { patienceMs },
  );

async function rotate(key: 'root' | 'data', rotation = rotationOf()) {
  await rotation.start(key, 'owner');
  await rotation.settled();
  return rotation.state();
}

/** Every value opens to what was sealed, with the vault as this process has it and as the next start finds it. */
async function expectAllToOpen(given: Vault = vault, at: KeySettings = settings): Promise<void> {
  const started = await openVault({ db, settings: at, log });
  const places = await findSealedPlaces(db.prisma);
  expect(places.length).toBeGreaterThan(secrets.size);
  for (const each of [given, started]) {
    for (const { place, sealed, label } of places) {
      const text = openSealed(each, place, sealed, label);
      if (secrets.has(label)) expect(text).toBe(secrets.get(label));
    }
  }
}

/** Everything in every table, as text. */
async function dump(): Promise<string> {
  const { rows } = await db.pool.query<{ table: string }>(
    `SELECT table_name AS table FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const texts = rows.map(async ({ table }) => {
    const found = await db.pool.query<{ text: string }>(`SELECT t::text AS text FROM "${table}" t`);
    return found.rows.map(({ text }) => text).join('\n');
  });
  return (await Promise.all(texts)).join('\n');
}

const rows = async () => new Map((await db.prisma.config.findMany()).map(({ key, value }) => [key, value]));

describe('the data keys', () => {
  it('change under everything that is sealed and signed, and the old ones are in no table', async () => {
    const before = keyringOf(vault);
    expect(await rotate('data')).toBeNull();
    const after = keyringOf(vault);
    expect([...after.keys.keys()]).toEqual([2]);
    expect(after.rowKeys).toHaveLength(1);
    expect(after.rowKeys[0]).not.toEqual(before.rowKeys[0]);
    await expectAllToOpen();
    expect(await dump()).not.toContain(beginningUnder(1));
    expect(await dump()).toContain(beginningUnder(2));
    const { findings } = await verifyAudit({ db, vault, home: vault.home });
    expect(findings.filter(({ kind }) => kind === 'row')).toEqual([]);
  });

  it('of whoever had the old ones open nothing of the present', async () => {
    const stolen = keyringOf(vault);
    await rotate('data');
    for (const { place, sealed } of await findSealedPlaces(db.prisma)) {
      expect(() => openValue((id) => stolen.keys.get(id), vault.vaultId, place, sealed)).toThrow();
    }
  });

  it('are each in the table of what is changed, and no field of the keyring is left out of it', async () => {
    const doc = await readFile(path.resolve(import.meta.dirname, '../../docs/security.md'), 'utf8');
    const table = /### What is changed\n(.*?)\n#/s.exec(doc)?.[1] ?? '';
    const named = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
    const fields = Object.keys(keyringOf(vault)).filter((name) => !['generation', 'active'].includes(name));
    for (const name of [...fields, ...sealedColumns.map((column) => column.join('.'))])
      expect(named).toContain(name);
  });

  it('seal every column that the database says is sealed, and none is missing from the list', async () => {
    const { rows: checks } = await db.pool.query<{ table: string; check: string }>(
      `SELECT conrelid::regclass::text AS table, pg_get_constraintdef(oid) AS check
       FROM pg_constraint WHERE contype = 'c' AND conname LIKE '%sealed'`,
    );
    const guarded = checks.filter(({ table }) => table !== 'key_fence').map(({ table }) => table);
    expect([...new Set(guarded)].sort()).toEqual(sealedColumns.map(([table]) => table).sort());
    // Whatever column of text or JSON holds a sealed value is one of them.
    const { rows: columns } = await db.pool.query<{ table: string; column: string }>(
      `SELECT table_name AS table, column_name AS column FROM information_schema.columns
       WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'ARRAY')`,
    );
    const holding: string[] = [];
    for (const { table, column } of columns) {
      const found = await db.pool.query(
        `SELECT FROM "${table}" WHERE "${column}"::text LIKE '%encrypted:pwE%' LIMIT 1`,
      );
      if (found.rowCount) holding.push(`${table}.${column}`);
    }
    expect(holding.sort()).toEqual(sealedColumns.map((column) => column.join('.')).sort());
  });

  it('leave a row that somebody else altered refused', async () => {
    await db.pool.query(`UPDATE connections SET approved_hash = sha256('other') WHERE name = 'notes'`);
    await rotate('data');
    const { findings } = await verifyAudit({ db, vault, home: vault.home });
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'row', message: expect.stringContaining('connections/') }),
    );
    await expectAllToOpen();
  });

  it('are not taken back: what a process seals that has not heard of them is refused, and what it keeps stays', async () => {
    const late = await openVault({ db, settings, log });
    await rotate('data');
    const place = { table: 'config', rowId: 'door_password', pointer: '/value' };
    const value = late.seal(place, 'sealed too late', 'door_password');
    await expect(
      db.pool.query('INSERT INTO config (key, value) VALUES ($1, $2)', ['door_password', value]),
    ).rejects.toThrowError(/data keys were changed/);
    await db.pool.query(
      `UPDATE connections SET config = config || '{"args": ["more"]}' WHERE name = 'notes'`,
    );
  });

  it('are put on record, who began it and that it ended', async () => {
    await rotate('data');
    const acts = await db.prisma.auditInbox.findMany({
      where: { action: { startsWith: 'key.' } },
      orderBy: { id: 'asc' },
    });
    expect(acts.map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
      ['key.rotation_begun', 'owner', 'data'],
      ['key.rotated', 'system', 'data'],
    ]);
  });

  it('keep a value that does not open as it is', async () => {
    await db.pool.query(
      `UPDATE config SET value = overlay(value placing 'AAAA' from 60) WHERE key = 'first_token'`,
    );
    const damaged = (await rows()).get('first_token');
    expect(await rotate('data')).toBeNull();
    expect((await rows()).get('first_token')).toBe(damaged);
  });
});

describe('another process', () => {
  it('that holds an old key is named with its number, its machine and its time', async () => {
    await insertWorker(db, { pid: 4711, host: 'cellar', keys: vault.keys, rootKey: vault.fingerprint });
    const state = await rotate('data', rotationOf(vault, {}, 100));
    expect(state?.failure).toMatchObject({
      code: 'E_KEY_IN_USE',
      message: expect.stringMatching(/a worker, process 4711 on cellar since 20\d\d-/),
    });
    expect(state?.waitingFor).toMatchObject([{ pid: 4711, host: 'cellar', isCurrent: false }]);
    // Nothing is lost meanwhile, and the command given again goes on.
    await expectAllToOpen();
    await db.prisma.worker.deleteMany();
    expect(await rotate('data')).toBeNull();
    expect([...keyringOf(vault).keys.keys()]).toEqual([2]);
    await expectAllToOpen();
  });

  it('that is of an older program is refused before anything is changed', async () => {
    await insertWorker(db, { pid: 4712, host: null, keys: null, rootKey: null });
    const before = await rows();
    await expect(rotationOf().start('data', 'owner')).rejects.toMatchObject({
      code: 'E_KEY_IN_USE',
      message: expect.stringContaining('an older program, process 4712'),
    });
    expect(await rows()).toEqual(before);
  });
});

describe('the root key', () => {
  const keyFile = () => path.join(vault.home, 'keys', 'vm_encryption_secret');

  it('changes in its file, and the data keys behind it: the old one opens nothing of the present', async () => {
    const old = await findRootKey(settings);
    const before = vault.fingerprint;
    expect(await rotate('root')).toBeNull();
    expect(vault.fingerprint).not.toBe(before);
    expect((await findRootKey(settings))?.fingerprint).toBe(vault.fingerprint);
    expect(existsSync(nextKeyFile(settings))).toBe(false);
    await expectAllToOpen();
    for (const value of (await rows()).values()) {
      expect(openKeyringOrNothing(value, old?.key ?? Buffer.alloc(32), vault.vaultId)).toBeUndefined();
    }
    expect([...keyringOf(vault).keys.keys()]).toEqual([2]);
    expect((await rows()).get('root_key_fingerprint')).toBe(`plain:${vault.fingerprint}`);
    await writeFile(keyFile(), `${old?.key.toString('base64')}\n`);
    await expect(openVault({ db, settings, log })).rejects.toMatchObject({ code: 'E_WRONG_KEY' });
  });

  it('of another place waits for its owner, opens by both keys meanwhile, and is finished by the same command', async () => {
    const old = await findRootKey(settings);
    const value = old?.key.toString('base64');
    await rm(keyFile());
    const inEnvironment = { ...settings, rootKey: { ...settings.rootKey, value } };
    const running = await openVault({ db, settings: inEnvironment, log });
    const state = await rotate('root', rotationOf(running, inEnvironment));
    expect(state).toMatchObject({ key: 'root', stage: 'waiting_for_key', failure: null });
    expect(state?.steps.join('\n')).toContain(nextKeyFile(settings));
    await expectAllToOpen(running, inEnvironment);
    await expect(rotationOf(running, inEnvironment).start('data', 'owner')).rejects.toMatchObject({
      code: 'E_CONFLICT',
    });

    const next = (await readFile(nextKeyFile(settings), 'utf8')).trim();
    const withNext = { ...settings, rootKey: { ...settings.rootKey, value: next } };
    const restarted = await openVault({ db, settings: withNext, log });
    const resumed = rotationOf(restarted, withNext);
    await resumed.resume();
    await resumed.settled();
    // The old one is not dropped behind its owner's back.
    expect((await resumed.state())?.stage).toBe('waiting_for_key');
    await openVault({ db, settings: inEnvironment, log });
    expect(await rotate('root', resumed)).toBeNull();
    await expectAllToOpen(restarted, withNext);
    expect(existsSync(nextKeyFile(settings))).toBe(false);
    await expect(openVault({ db, settings: inEnvironment, log })).rejects.toMatchObject({
      code: 'E_WRONG_KEY',
    });
  });

  it('that waits is given up, and is as it was', async () => {
    const value = (await findRootKey(settings))?.key.toString('base64');
    await rm(keyFile());
    const inEnvironment = { ...settings, rootKey: { ...settings.rootKey, value } };
    const rotation = rotationOf(await openVault({ db, settings: inEnvironment, log }), inEnvironment);
    await rotate('root', rotation);
    await rotation.cancel('owner');
    expect(await rotation.state()).toBeNull();
    expect(existsSync(nextKeyFile(settings))).toBe(false);
    expect([...(await rows()).keys()].filter((key) => key.endsWith('_next'))).toEqual([]);
    await expect(rotation.cancel('owner')).rejects.toMatchObject({ code: 'E_CONFLICT' });
    await expectAllToOpen(vault, inEnvironment);
  });

  it('in two places is not changed in one of them', async () => {
    const value = (await findRootKey(settings))?.key.toString('base64');
    const both = { ...settings, rootKey: { ...settings.rootKey, value } };
    const state = await rotate('root', rotationOf(vault, both));
    expect(state?.failure).toMatchObject({
      code: 'E_CONFLICT',
      message: expect.stringContaining('environment'),
    });
  });

  it('waits for a process that has not got the new one, and both open until then', async () => {
    const worker = await insertWorker(db, { pid: 4713, host: 'attic', keys: 99, rootKey: vault.fingerprint });
    const state = await rotate('root', rotationOf(vault, {}, 100));
    expect(state?.failure).toMatchObject({ code: 'E_KEY_IN_USE', message: expect.stringContaining('4713') });
    await expectAllToOpen();
    await db.prisma.worker.update({ where: { id: worker }, data: { rootKey: vault.fingerprint } });
    expect(await rotate('root')).toBeNull();
    await expectAllToOpen();
  });
});

it('goes on at the next start, wherever it was interrupted', async () => {
  const steps = ['starting', 'waiting', 'sealing', 'finishing'] as const;
  for (const [at, stage] of steps.entries()) {
    const rotation = rotationOf();
    await rotation.start(at % 2 === 0 ? 'root' : 'data', 'owner');
    const interrupted = async () => {
      while ((await rotation.state())?.stage !== stage && (await rotation.state()) !== null);
    };
    await interrupted();
    await rotation.stop();
    const started = await openVault({ db, settings, log });
    await expectAllToOpen(started);
    const next = rotationOf(started);
    await next.resume();
    await next.settled();
    expect(await next.state()).toBeNull();
    await expectAllToOpen(started);
    Object.assign(vault, {});
    vault.adopt(started, keyringOf(started));
  }
});

it('lets settings and secrets be written meanwhile', async () => {
  const rotation = rotationOf();
  await rotation.start('data', 'owner');
  let count = 0;
  for (; (await rotation.state()) !== null; count++) {
    await putConfig({ db, vault }, `made_${count}_token`, `value-${count}-of-a-secret`);
    await putConfig({ db, vault }, 'timezone', 'Europe/Berlin');
  }
  await rotation.settled();
  for (let at = 0; at < count; at++) secrets.set(`made_${at}_token`, `value-${at}-of-a-secret`);
  await expectAllToOpen();
});

it('makes no second key where one of a rotation is', async () => {
  await rotate('root');
  await expect(createRootKey(settings)).rejects.toMatchObject({ code: 'E_CONFLICT' });
});
