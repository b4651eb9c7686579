import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { newId } from '../kernel/ids.ts';
import { openDatabase } from './client.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

describe('transaction', () => {
  test('takes everything back when the work throws', async () => {
    const work = db.transaction(async (tx) => {
      await tx.config.create({ data: { key: 'timezone', value: 'plain:Europe/Berlin' } });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await db.prisma.config.count({ where: { key: 'timezone' } })).toBe(0);
  });

  test('is tried again when PostgreSQL ends it for a serialization failure', async () => {
    const id = newId();
    await db.prisma.skill.create({ data: { id, slug: 'counted', name: 'Counted', steps: [] } });
    const increment = () =>
      db.transaction(
        async (tx) => {
          const { runCount } = await tx.skill.findUniqueOrThrow({ where: { id } });
          await tx.skill.update({ where: { id }, data: { runCount: runCount + 1 } });
        },
        { isolation: 'Serializable' },
      );
    await Promise.all([increment(), increment(), increment()]);
    expect((await db.prisma.skill.findUniqueOrThrow({ where: { id } })).runCount).toBe(3);
  });
});

test('a connection that breaks while nobody asks it anything fails the next query, and ends no process', async () => {
  const client = await db.pool.connect();
  await client.query('BEGIN');
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  // Not by events.once, which an error ends.
  const broken = new Promise((resolve) => client.once('end', resolve));
  await db.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  await broken;
  await expect(client.query('COMMIT')).rejects.toThrow();
  client.release(true);
  expect((await db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('times mean the same whatever zone the server is in', async () => {
  await db.pool.query(`ALTER DATABASE ${new URL(db.url).pathname.slice(1)} SET timezone = 'Asia/Tokyo'`);
  const other = await openDatabase(db.url, { connections: 1 });
  const at = new Date('2026-11-22T07:00:00.123Z');
  await other.prisma.clockMark.create({ data: { at, uptimeMs: 0n } });
  const { rows } = await other.pool.query('SELECT at FROM clock');
  expect(rows[0]?.at).toEqual(at);
  expect((await other.prisma.clockMark.findFirstOrThrow()).at).toEqual(at);
  await other.close();
});

test('who changes a row says so, and the database when', async () => {
  const { prisma } = db;
  const where = { key: 'timezone' };
  const long = new Date('2001-01-01T00:00:00Z');
  const made = await prisma.config.create({ data: { ...where, value: 'plain:UTC', updatedAt: long } });
  const changes = [];
  for (const value of ['plain:Asia/Tokyo', 'plain:Europe/Oslo', 'plain:UTC'])
    changes.push(await prisma.config.update({ where, data: { value, updatedAt: made.updatedAt } }));
  // Each at its own, in their order, and none at what this machine says.
  const times = [made, ...changes].map(({ updatedAt }) => updatedAt.getTime());
  expect(new Set(times).size).toBe(4);
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
  expect(Math.min(...times)).toBeGreaterThan(long.getTime());
  await prisma.$executeRaw`UPDATE config SET value = 'plain:GMT' WHERE key = 'timezone'`;
  expect((await prisma.config.findUniqueOrThrow({ where })).updatedAt.getTime()).toBe(times.at(-1));
});

test('a database that is not there is E_DATABASE', async () => {
  await expect(openDatabase('postgresql://alfred@localhost/x?host=%2Fnowhere')).rejects.toMatchObject({
    code: 'E_DATABASE',
  });
});
