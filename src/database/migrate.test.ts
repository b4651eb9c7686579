import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEmptyDatabase } from '../../tests/helpers/database.ts';
import { sha256 } from '../kernel/hash.ts';
import { newId } from '../kernel/ids.ts';
import { createLogger } from '../kernel/log.ts';
import { type Database, openDatabase } from './client.ts';
import { dumpDatabase } from './dump.ts';
import { migrateDatabase } from './migrate.ts';
import { readMigrations } from './migrations.ts';
import { restoreDatabase } from './restore.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const cleanUp: (() => Promise<unknown>)[] = [];
let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'alfred-migrate-'));
});
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
  await rm(home, { recursive: true, force: true });
});

async function emptyUrl(): Promise<string> {
  const { url, drop } = await createEmptyDatabase();
  cleanUp.push(drop);
  return url;
}

async function open(url: string): Promise<Database> {
  const db = await openDatabase(url, { connections: 2 });
  cleanUp.push(() => db.close());
  return db;
}

/** This program's migrations and one more, as the next version might have it. */
async function withNext(sql: string, name = '29990101000000_next'): Promise<MigrationList> {
  const list = await readMigrations();
  const migrationFile = { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } };
  return { ...list, migrationDirectories: [...list.migrationDirectories, { path: name, migrationFile }] };
}

/** A row in most tables, with what is hard to carry: bytes, arrays, quotes, strange text, a finished execution. */
async function fill(db: Database): Promise<void> {
  const hash = sha256('x');
  const definition = { note: 'it\'s "quoted"\n\\ \u{1F600} \u2028' };
  const skillId = newId();
  const executionId = newId();
  await db.prisma.connection.create({
    data: {
      id: newId(),
      name: 'files',
      type: 'mcp_stdio',
      config: definition,
      tools: ['a,b', '"c"', ''],
      approvedHash: hash,
    },
  });
  await db.prisma.skill.create({
    data: { id: skillId, slug: 'teach', name: 'Teach', steps: [], isSystem: true },
  });
  await db.prisma.skillVersion.create({
    data: { skillId, version: 1, definition, contentHash: hash, createdBy: 'system' },
  });
  await db.prisma.config.create({ data: { key: 'vault_id', value: 'plain:0192' } });
  await db.prisma.execution.create({
    data: {
      id: executionId,
      skillId,
      skillSlug: 'teach',
      skillVersion: 1,
      skillHash: hash,
      actor: 'owner',
      trigger: 'manual',
      status: 'succeeded',
      output: 'a\tb\\N',
      costUsd: '0.000001',
      tokenCount: 2n ** 53n,
      input: definition,
      trace: Array(500).fill(definition),
      completedAt: new Date(),
      steps: { create: { stepId: 1, status: 'done', output: '' } },
      events: { create: { seq: 1, kind: 'end', data: {} } },
      toolCalls: {
        create: { id: newId(), connection: 'files', tool: 't', arguments: {}, argumentsHash: hash },
      },
    },
  });
}

/** Everything in it, as text. */
async function contents(db: Database): Promise<Record<string, unknown[]>> {
  const tables = [
    'connections',
    'skills',
    'skill_versions',
    'executions',
    'execution_steps',
    'execution_events',
    'tool_calls',
    'config',
  ];
  const all: Record<string, unknown[]> = {};
  for (const table of tables)
    all[table] = (await db.pool.query(`SELECT t::text FROM ${table} t ORDER BY 1`)).rows;
  return all;
}

describe('migrateDatabase', () => {
  test('makes the tables of an empty database, without a dump; the next time there is nothing to do', async () => {
    const url = await emptyUrl();
    const names = (await readMigrations()).migrationDirectories.map((migration) => migration.path);
    expect(await migrateDatabase({ url, home, log })).toEqual({ applied: names, dump: null });
    expect(await migrateDatabase({ url, home, log })).toEqual({ applied: [], dump: null });
    expect(await readdir(home)).toEqual([]);
  });

  test('two that start at once take turns', async () => {
    const url = await emptyUrl();
    const both = await Promise.all([
      migrateDatabase({ url, home, log }),
      migrateDatabase({ url, home, log }),
    ]);
    expect(both.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
  });

  test('dumps first what is there; the older program refuses; the dump is the way back', async () => {
    const url = await emptyUrl();
    await migrateDatabase({ url, home, log });
    const db = await open(url);
    await fill(db);
    const before = await contents(db);

    // Of earlier migrations: four of them and the new one are kept.
    await mkdir(path.join(home, 'backups'), { recursive: true, mode: 0o700 });
    for (let day = 1; day <= 6; day++) {
      const file = path.join(home, `backups/before-${day}.zst`);
      await writeFile(file, '');
      await utimes(file, day, day);
    }
    const migrations = await withNext('ALTER TABLE skills ADD COLUMN mood text; DELETE FROM tool_calls;');
    const { applied, dump } = await migrateDatabase({ url, home, log, migrations });
    expect(applied).toEqual(['29990101000000_next']);
    expect(dump).toContain('backups/before-29990101000000_next-');
    expect((await stat(dump ?? '')).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(dump ?? ''))).mode & 0o777).toBe(0o700);
    const kept = (await readdir(path.join(home, 'backups'))).filter((name) => /^before-\d\.zst$/.test(name));
    expect(kept.sort()).toEqual(['before-3.zst', 'before-4.zst', 'before-5.zst', 'before-6.zst']);

    await expect(migrateDatabase({ url, home, log })).rejects.toMatchObject({
      code: 'E_SCHEMA_NEWER',
      message: expect.stringContaining('29990101000000_next'),
      remedy: expect.stringContaining(`npx alfred backup restore ${dump}`),
    });
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'alfred-no-dumps-'));
    await expect(migrateDatabase({ url, home: elsewhere, log })).rejects.toMatchObject({
      remedy: expect.stringContaining('is not here any more'),
    });
    await rm(elsewhere, { recursive: true });

    const again = await emptyUrl();
    await restoreDatabase({ url: again, file: dump ?? '', log });
    const restored = await open(again);
    expect(await contents(restored)).toEqual(before);
    expect(await migrateDatabase({ url: again, home, log })).toEqual({ applied: [], dump: null });
    // Its guards are on again.
    await expect(restored.pool.query('DELETE FROM skills')).rejects.toThrow('belongs to the system');
    await expect(restored.pool.query("UPDATE executions SET output = ''")).rejects.toThrow('has ended');
  });

  test('a migration that fails changes nothing, and says where; a corrected one goes through', async () => {
    const url = await emptyUrl();
    await migrateDatabase({ url, home, log });
    const db = await open(url);
    const broken = await withNext('CREATE TABLE half (a int);\n\nSELECT nonsense;');
    await expect(migrateDatabase({ url, home, log, migrations: broken })).rejects.toMatchObject({
      code: 'E_DATABASE',
      message: expect.stringMatching(/29990101000000_next failed, and changed nothing: .*nonsense.*line 3/s),
    });
    expect((await db.pool.query("SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }]);
    const corrected = await withNext('CREATE TABLE half (a int);');
    expect((await migrateDatabase({ url, home, log, migrations: corrected })).applied).toEqual([
      '29990101000000_next',
    ]);
  });

  test('nothing goes between the tables of another program', async () => {
    const url = await emptyUrl();
    const db = await open(url);
    await db.pool.query('CREATE TABLE invoices (a int)');
    await expect(migrateDatabase({ url, home, log })).rejects.toMatchObject({
      code: 'E_DATABASE',
      message: expect.stringContaining('invoices'),
    });
  });
});

describe('restoreDatabase', () => {
  test('refuses a database that holds something', async () => {
    const url = await emptyUrl();
    await migrateDatabase({ url, home, log });
    await fill(await open(url));
    const file = path.join(home, 'dump.zst');
    await dumpDatabase(url, file);
    await expect(restoreDatabase({ url, file, log })).rejects.toMatchObject({ code: 'E_CONFLICT' });
  });

  test('refuses a dump that is cut off, changed, newer or none, and leaves no row behind', async () => {
    const url = await emptyUrl();
    await migrateDatabase({ url, home, log });
    await fill(await open(url));
    const file = path.join(home, 'dump.zst');
    await dumpDatabase(url, file);
    const whole = zstdDecompressSync(await readFile(file)).toString();
    const lines = whole.trimEnd().split('\n');
    const target = await emptyUrl();
    const refused = async (content: string | Buffer, code: string) => {
      const bad = path.join(home, 'bad.zst');
      await writeFile(bad, content);
      await expect(restoreDatabase({ url: target, file: bad, log })).rejects.toMatchObject({ code });
    };
    await refused(zstdCompressSync(lines.slice(0, -1).join('\n')), 'E_MALFORMED');
    await refused(zstdCompressSync(lines.toSpliced(-3, 1).join('\n')), 'E_MALFORMED');
    await refused(zstdCompressSync(lines.with(3, '{"who": "knows"}').join('\n')), 'E_MALFORMED');
    const table = lines.findIndex((line) => line.startsWith('{"table":"executions"'));
    await refused(zstdCompressSync(lines.with(table + 1, 'half a row').join('\n')), 'E_MALFORMED');
    await refused(zstdCompressSync(lines.slice(0, table + 1).join('\n')), 'E_MALFORMED');
    await refused(zstdCompressSync(lines.slice(1).join('\n')), 'E_MALFORMED');
    await refused('nothing compressed', 'E_MALFORMED');
    await refused(zstdCompressSync(whole.replace('_first_tables', '_unheard_of')), 'E_SCHEMA_NEWER');
    const cut = path.join(home, 'cut.zst');
    await writeFile(cut, await readFile(file));
    await truncate(cut, 300);
    await expect(restoreDatabase({ url: target, file: cut, log })).rejects.toMatchObject({
      code: 'E_MALFORMED',
    });
    await expect(restoreDatabase({ url: target, file: path.join(home, 'none'), log })).rejects.toMatchObject({
      code: 'E_MALFORMED',
    });

    const db = await open(target);
    expect(Object.values(await contents(db)).flat()).toEqual([]);
    // And what it left behind may be filled.
    await restoreDatabase({ url: target, file, log });
    expect(await db.prisma.execution.count()).toBe(1);
  });

  test('reads the dumps of the first format', async () => {
    const url = await emptyUrl();
    await migrateDatabase({ url, home, log });
    await fill(await open(url));
    const target = await emptyUrl();
    // Made by the program of 28 November 2026, which filled a database as this test does.
    const file = path.resolve(import.meta.dirname, '../../tests/kept/dump-1.ndjson.gz');
    await restoreDatabase({ url: target, file, log });
    await migrateDatabase({ url: target, home, log });
    // What is set of an index is kept as well.
    const indexesOf = async (of: string) =>
      (
        await (
          await open(of)
        ).pool.query(
          `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS text,
             ARRAY(SELECT a.attstattarget FROM pg_attribute a WHERE a.attrelid = i.indexrelid ORDER BY a.attnum) AS settings
           FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1`,
        )
      ).rows;
    expect(await indexesOf(target)).toEqual(await indexesOf(url));
    const [made, restored] = [await contents(await open(url)), await contents(await open(target))];
    const withoutIds = (all: Record<string, unknown[]>) =>
      JSON.stringify(all)
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'an id')
        .replaceAll(/2026-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?/g, 'a time');
    expect(withoutIds(restored)).toBe(withoutIds(made));
  });

  test('carries rows of many megabytes and many rows', async () => {
    const url = await emptyUrl();
    await migrateDatabase({ url, home, log });
    const db = await open(url);
    await db.pool.query(
      `INSERT INTO executions (id, skill_slug, skill_version, skill_hash, actor, trigger, status, completed_at, output)
       SELECT gen_random_uuid(), 's', 1, sha256('x'), 'owner', 'manual', 'failed', now(),
              CASE WHEN n % 1000 = 0 THEN repeat(md5(n::text), 200000) END
       FROM generate_series(1, 3000) n`,
    );
    const before = await contents(db);
    const file = path.join(home, 'dump.zst');
    await dumpDatabase(url, file);
    const target = await emptyUrl();
    expect((await restoreDatabase({ url: target, file, log })).rows).toMatchObject({ executions: 3000 });
    expect(await contents(await open(target))).toEqual(before);
  });
});
