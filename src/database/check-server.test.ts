import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { checkServer, refuseSharedSessions, refuseUnfit, type Server } from './check-server.ts';

let db: TestDatabase;
const made: string[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  for (const sql of made.reverse()) await db.pool.query(sql);
  await db.drop();
});

const newName = () => `alfred_${randomBytes(6).toString('hex')}`;
function urlOf(database: string): string {
  const url = new URL(db.url);
  url.pathname = `/${database}`;
  return url.href;
}

it('takes a server on which a VM can work', async () => {
  await checkServer(db.url);
});

it('refuses one in another encoding, with the command that makes another', async () => {
  const database = newName();
  await db.pool.query(
    `CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`,
  );
  made.push(`DROP DATABASE ${database}`);
  await expect(checkServer(urlOf(database))).rejects.toMatchObject({
    code: 'E_DATABASE',
    message: expect.stringContaining('keeps text in LATIN1'),
    remedy: expect.stringContaining("ENCODING 'UTF8'"),
  });
});

it.each<[string, string, string, RegExp]>([
  ['database', '/nowhere_at_all', '', /CREATE DATABASE/],
  ['encryption', '', 'sslmode=no-verify', /DATABASE_URL names it/],
])('says what to do where there is no %s', async (_what, path, query, remedy) => {
  const url = new URL(db.url);
  if (path !== '') url.pathname = path;
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value);
  await expect(checkServer(url.href)).rejects.toMatchObject({
    ...{
      code: 'E_DATABASE',
      message: expect.stringMatching(/^The database (lets nobody in|does not answer): /),
    },
    remedy: expect.stringMatching(remedy),
  });
});

const fit: Server = {
  ...{ encoding: 'UTF8', role: 'ada', name: 'house', mayMakeSchemas: true, mayMakeTables: true },
  ...{ isStandby: false, isReadOnly: false },
  ...{ limit: 97, used: 3 },
};

it.each<[string, Partial<Server>, RegExp, RegExp]>([
  [
    'a role that may make no schema',
    { mayMakeSchemas: false },
    /The role "ada" may not make schemas in the database "house"/,
    /GRANT CREATE ON DATABASE "house" TO "ada"/,
  ],
  [
    'a role that may make no table',
    { mayMakeTables: false },
    /may not make tables/,
    /ON SCHEMA public TO "ada"/,
  ],
  ['a standby', { isStandby: true, isReadOnly: true }, /is a standby/, /primary/],
  [
    'a database that takes no writes',
    { isReadOnly: true },
    /default_transaction_read_only is on/,
    /ALTER DATABASE "house" RESET/,
  ],
  ['too few sessions', { limit: 12 }, /has 12 sessions for this role, 3 of them in use/, /CONNECTION LIMIT/],
  [
    'sessions that others have',
    { used: 95 },
    /97 sessions for this role, 95 of them/,
    /raise max_connections/,
  ],
])('refuses %s, and says what would do', (_what, given, message, remedy) => {
  refuseUnfit(fit);
  const refusal = expect.objectContaining({
    ...{ code: 'E_DATABASE', message: expect.stringMatching(message) },
    remedy: expect.stringMatching(remedy),
  });
  expect(() => refuseUnfit({ ...fit, ...given })).toThrow(refusal);
});

it('refuses a pooler that gives its sessions to transactions', async () => {
  // As PgBouncer does it: both connections are served by what is free.
  const [free, another] = [new pg.Client(db.url), new pg.Client(db.url)];
  await Promise.all([free.connect(), another.connect()]);
  try {
    await refuseSharedSessions(free, another);
    await expect(refuseSharedSessions(free, free)).rejects.toMatchObject({
      code: 'E_DATABASE',
      remedy: expect.stringContaining('pool_mode = session'),
    });
    const statements = { query: () => Promise.reject(new Error('transaction blocks not allowed')) };
    await expect(refuseSharedSessions(free, statements)).rejects.toMatchObject({ code: 'E_DATABASE' });
  } finally {
    await Promise.all([free.end(), another.end()]);
  }
});
