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
  await other.prisma.config.create({ data: { key: 'model', value: 'plain:x', updatedAt: at } });
  const { rows } = await other.pool.query("SELECT updated_at FROM config WHERE key = 'model'");
  expect(rows[0]?.updated_at).toEqual(at);
  expect((await other.prisma.config.findUniqueOrThrow({ where: { key: 'model' } })).updatedAt).toEqual(at);
  await other.close();
});

test('a database that is not there is E_DATABASE', async () => {
  await expect(openDatabase('postgresql://alfred@localhost/x?host=%2Fnowhere')).rejects.toMatchObject({
    code: 'E_DATABASE',
  });
});
