import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { sha256 } from '../kernel/hash.ts';
import { newId } from '../kernel/ids.ts';
import { channels, notify } from './channels.ts';
import { listen } from './listen.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** Collects what arrives, and lets a test wait for it. */
function collect() {
  const arrived: string[] = [];
  const waiting = new Map<string, () => void>();
  return {
    arrived,
    add(payload: string) {
      arrived.push(payload);
      waiting.get(payload)?.();
    },
    until: (payload: string) =>
      new Promise<void>((resolve) => {
        if (arrived.includes(payload)) resolve();
        else waiting.set(payload, resolve);
      }),
  };
}

/** Those that listen. */
async function sessions(): Promise<number[]> {
  const { rows } = await db.pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'alfred listen'`,
  );
  return rows.map(({ pid }) => pid);
}

test('hears of each execution event, once it is committed', async () => {
  const heard = collect();
  const listener = await listen(db.url, 'executionEvents', heard.add);
  const id = newId();
  await db.prisma.execution.create({
    data: { id, skillSlug: 's', skillVersion: 1, skillHash: sha256(''), actor: 'owner', trigger: 'manual' },
  });
  await db.transaction(async (tx) => {
    await tx.executionEvent.create({ data: { executionId: id, seq: 1, kind: 'status', data: {} } });
    await tx.executionEvent.create({ data: { executionId: id, seq: 2, kind: 'message', data: {} } });
    expect(heard.arrived).toEqual([]);
  });
  await heard.until(`${id}:2`);
  expect(heard.arrived).toEqual([`${id}:1`, `${id}:2`]);
  await listener.close();
});

test('asks one thing after the other of its connection, however many begin to listen at once', async () => {
  const asked: string[] = [];
  const under = { way: 0, most: 0 };
  const { query } = pg.Client.prototype;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(async function (
    this: pg.Client,
    text: string,
  ) {
    asked.push(text);
    under.way++;
    under.most = Math.max(under.most, under.way);
    return await Promise.resolve(Reflect.apply(query, this, [text])).finally(() => under.way--);
  });
  const names = Object.keys(channels) as (keyof typeof channels)[];
  const listeners = await Promise.all(names.map((name) => listen(db.url, name, () => {})));
  spy.mockRestore();
  await Promise.all(listeners.map((each) => each.close()));
  expect(asked.filter((text) => text.startsWith('LISTEN')).length).toBeGreaterThan(2);
  expect(under.most).toBe(1);
});

test('comes back when its connection breaks, and says so', async () => {
  const heard = collect();
  const back = Promise.withResolvers<void>();
  const listener = await listen(db.url, 'jobs', heard.add, back.resolve);
  await db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'alfred listen'`,
  );
  await back.promise;
  await notify(db.prisma, 'jobs', 'again');
  await heard.until('again');
  await listener.close();
});

test('shares one session of PostgreSQL among all that listen, and comes back for each of them', async () => {
  const heard = { jobs: collect(), more: collect(), access: collect() };
  const back = { jobs: Promise.withResolvers<void>(), access: Promise.withResolvers<void>() };
  const listeners = await Promise.all([
    listen(db.url, 'jobs', heard.jobs.add, back.jobs.resolve),
    listen(db.url, 'jobs', heard.more.add),
    listen(db.url, 'access', heard.access.add, back.access.resolve),
  ]);
  const [pid, ...others] = await sessions();
  expect(others).toEqual([]);
  const [, more] = listeners;
  await more?.close();
  await db.pool.query('SELECT pg_terminate_backend($1)', [pid]);
  await Promise.all([back.jobs.promise, back.access.promise]);
  await notify(db.prisma, 'jobs', 'a job');
  await notify(db.prisma, 'access', 'a token');
  await Promise.all([heard.jobs.until('a job'), heard.access.until('a token')]);
  expect([heard.jobs.arrived, heard.more.arrived, heard.access.arrived]).toEqual([
    ['a job'],
    [],
    ['a token'],
  ]);
  await Promise.all(listeners.map((listener) => listener.close()));
  await expect.poll(sessions).toEqual([]);
});

test('comes back when what stands between forgets its connection without a word', async () => {
  const between = await standBetween(new URL(db.url));
  const heard = collect();
  const back = Promise.withResolvers<void>();
  const listener = await listen(between.url, 'jobs', heard.add, back.resolve, {
    everyMs: 20,
    withinMs: 5000,
  });
  await notify(db.prisma, 'jobs', 'first');
  await heard.until('first');
  between.forget();
  await back.promise;
  await notify(db.prisma, 'jobs', 'again');
  await heard.until('again');
  await listener.close();
  await between.close();
  await expect.poll(sessions).toEqual([]);
});

/** Passes everything on between a client and the server, until it forgets the connections that it has: nobody is told. */
async function standBetween(server: URL) {
  const host = server.searchParams.get('host') ?? server.hostname;
  const port = Number(server.port || 5432);
  const here: Socket[] = [];
  const proxy = createServer((client) => {
    const further = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    client.pipe(further).pipe(client);
    for (const socket of [client, further]) socket.on('error', () => {}); // the other end went
    here.push(client, further);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = new URL(server);
  url.searchParams.delete('host');
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    url: url.href,
    forget() {
      for (const socket of here) socket.unpipe().pause();
    },
    async close() {
      for (const socket of here) socket.destroy();
      await promisify(proxy.close.bind(proxy))();
    },
  };
}

test('knows every channel that a trigger tells', async () => {
  const { rows } = await db.pool.query<{ channel: string }>(
    `SELECT DISTINCT found[1] AS channel FROM pg_proc, regexp_matches(prosrc, 'pg_notify\\(''([^'']+)''', 'g') AS found
     WHERE pronamespace = 'public'::regnamespace`,
  );
  expect(rows.map(({ channel }) => channel).sort()).toEqual(
    [channels.access, channels.executionEvents, channels.secrets].sort(),
  );
});

test('gives up who takes its connection and says nothing', async () => {
  const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `postgresql://alfred@127.0.0.1:${(silent.address() as AddressInfo).port}/alfred`;
  await expect(
    listen(url, 'jobs', () => {}, undefined, { everyMs: 20, withinMs: 300 }),
  ).rejects.toMatchObject({ code: 'E_DATABASE' });
  await promisify(silent.close.bind(silent))();
});

test('says that the database does not answer', async () => {
  const nowhere = 'postgresql://alfred@localhost/alfred?host=%2Fnowhere';
  await expect(listen(nowhere, 'jobs', () => {})).rejects.toMatchObject({ code: 'E_DATABASE' });
});
