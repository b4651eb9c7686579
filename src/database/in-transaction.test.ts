import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { inTransaction } from './in-transaction.ts';
import { holdFreeLock, holdLock, lockForConnection, shareLock, underLock } from './locks.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** Whatever happened: no connection is out, and those that are kept can be used. */
afterEach(async () => {
  expect(db.pool.totalCount - db.pool.idleCount).toBe(0);
  const all = await Promise.all(Array.from({ length: 5 }, () => db.pool.connect()));
  for (const client of all) {
    expect((await client.query('SELECT pg_current_xact_id_if_assigned() AS xid')).rows).toEqual([
      { xid: null },
    ]);
    client.release();
  }
});

const count = () => db.prisma.config.count({ where: { key: 'timezone' } });
const insert = `INSERT INTO config (key, value, updated_at) VALUES ('timezone', 'plain:UTC', now())`;
const breakOff = async (pid: unknown) => {
  await db.pool.query('SELECT pg_terminate_backend($1)', [pid]);
};
const pidOf = async (client: { query(sql: string): Promise<{ rows: { pid: unknown }[] }> }) =>
  (await client.query('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;

describe('a transaction', () => {
  it('takes everything back when the work throws', async () => {
    const work = inTransaction(db.pool, async (client) => {
      await client.query(insert);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await count()).toBe(0);
  });

  it('says what went wrong first when its connection breaks', async () => {
    const work = inTransaction(db.pool, async (client) => {
      await client.query(insert);
      await breakOff(await pidOf(client));
      throw new Error('first');
    });
    await expect(work).rejects.toThrow('first');
    expect(await count()).toBe(0);
  });

  it('keeps what was written, begun as it was asked for', async () => {
    await inTransaction(db.pool, (client) => client.query(insert));
    expect(await count()).toBe(1);
    const work = inTransaction(db.pool, (client) => client.query('DELETE FROM config'), 'BEGIN READ ONLY');
    await expect(work).rejects.toThrow('read-only');
    await db.pool.query('DELETE FROM config');
  });
});

describe('a lock', () => {
  const isFree = () => inTransaction(db.pool, (client) => holdFreeLock(client, 'sweep'));

  it('is held for a transaction, of either kind', async () => {
    await inTransaction(db.pool, async (client) => {
      await holdLock(client, 'sweep');
      expect(await isFree()).toBe(false);
    });
    await db.transaction(async (tx) => {
      await holdLock(tx, 'sweep');
      expect(await isFree()).toBe(false);
    });
    expect(await isFree()).toBe(true);
  });

  it('is shared by those who share it', async () => {
    await db.transaction(async (tx) => {
      await shareLock(tx, 'sweep');
      await inTransaction(db.pool, (client) => shareLock(client, 'sweep'));
      expect(await isFree()).toBe(false);
    });
  });

  it('is held while the work goes on, and others who do not wait have their answer', async () => {
    const done = await underLock(db.pool, 'sweep', async () => {
      expect(await isFree()).toBe(false);
      return [await underLock(db.pool, 'sweep', async () => 'theirs', { ifTaken: 'taken' }), 'ours'];
    });
    expect(done).toEqual(['taken', 'ours']);
    await expect(underLock(db.pool, 'sweep', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await underLock(db.pool, 'sweep', async () => 'ours', { ifTaken: 'taken' })).toBe('ours');
  });

  it('falls with a connection that cannot give it back', async () => {
    const work = async () => {
      const { rows } = await db.pool.query(
        `SELECT pid FROM pg_locks WHERE locktype = 'advisory'
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      await breakOff(rows[0]?.pid);
      return 'done';
    };
    expect(await underLock(db.pool, 'sweep', work)).toBe('done');
    // The server's process ends a moment after it was told to.
    await expect.poll(isFree).toBe(true);
  });

  it('is held until a connection ends', async () => {
    const client = await db.pool.connect();
    expect(await lockForConnection(client, 'sweep')).toBe(true);
    expect(await isFree()).toBe(false);
    client.release(true);
    await expect.poll(isFree).toBe(true);
  });
});
