/** Settings that owners and providers give a database or a role, and in which ours would not be read as they were written. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { openQueue } from '../queue/queue.ts';
import { openPool } from './open-pool.ts';

const name = `alfred_${randomBytes(6).toString('hex')}`;
let db: TestDatabase;
let url: string;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  for (const setting of [
    "datestyle = 'German, DMY'",
    'intervalstyle = sql_standard',
    "timezone = 'Asia/Kolkata'",
    'bytea_output = escape',
    'standard_conforming_strings = off',
    "search_path = ''",
    "idle_session_timeout = '1h'",
  ])
    await db.pool.query(`ALTER DATABASE ${name} SET ${setting}`);
  const address = new URL(db.url);
  address.pathname = `/${name}`;
  url = address.href;
});
afterAll(async () => {
  await db.pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await db.drop();
});

it('reads and writes times, bytes and strings as always, in the schema of always', async () => {
  const pool = await openPool(url, { connections: 1, variable: 'DATABASE_URL' });
  try {
    const { rows } = await pool.query(
      `SELECT '2026-02-03 04:05:06.789Z'::timestamptz AS at, '\\xff00'::bytea AS bytes, 'a\\b' AS text,
         current_schema()::text AS schema, current_setting('idle_session_timeout') AS idle`,
    );
    expect(rows).toEqual([
      {
        at: new Date('2026-02-03T04:05:06.789Z'),
        bytes: Buffer.from([0xff, 0]),
        text: 'a\\b',
        schema: 'public',
        idle: '0',
      },
    ]);
  } finally {
    await pool.end();
  }
});

it('has a queue', async () => {
  const log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
  const queue = await openQueue({ url, log: log as never });
  await queue.stop();
});
