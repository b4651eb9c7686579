/** The queue on a real database: with the transaction or not at all, at once, in turn, and back when nobody is there. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { newId } from '../kernel/ids.ts';
import { createLogger } from '../kernel/log.ts';
import { drawInJobs } from './draw-in-jobs.ts';
import { openQueue, type Queue } from './queue.ts';

let db: TestDatabase;
const open: Queue[] = [];
const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(open.map((queue) => queue.stop()));
  await db.drop();
});

async function newQueue(): Promise<Queue> {
  const queue = await openQueue({ url: db.url, log });
  open.push(queue);
  return queue;
}
const send = (queue: Queue, executionId: string, options = {}) =>
  db.transaction((tx) => queue.send(tx, 'execution.run', { executionId }, { id: executionId, ...options }));
/** So seldom that it never decides a test. */
const never = 3_600;
const left = async () =>
  (await db.pool.query(`SELECT id FROM pgboss.job WHERE state < 'completed'`)).rows.map(({ id }) => id);
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 10));
}

it('sends with the transaction, or not at all', async () => {
  const queue = await newQueue();
  const [kept, dropped] = [newId(), newId()];
  await send(queue, kept);
  await expect(
    db.transaction(async (tx) => {
      await queue.send(tx, 'execution.run', { executionId: dropped }, { id: dropped });
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await left()).toEqual([kept]);
  const ran: string[] = [];
  await queue.work('execution.run', { concurrency: 1 }, async ({ executionId }) => {
    ran.push(executionId);
  });
  await until(() => ran.length === 1);
  expect(ran).toEqual([kept]);
  await queue.stop();
  await queue.stop();
});

it('starts jobs without a polling delay, important ones first, and one that waits for its turn right after', async () => {
  const queue = await newQueue();
  const ran: string[] = [];
  const ended: string[] = [];
  const [late, soon, ...turns] = [newId(), newId(), newId(), newId(), newId()];
  await send(queue, late ?? '', { priority: 0, group: 'late' });
  await send(queue, soon ?? '', { priority: 10, group: 'soon' });
  await queue.work('execution.run', { concurrency: 1, lookEverySeconds: never }, async ({ executionId }) => {
    ran.push(executionId);
  });
  await until(() => ran.length === 2);
  expect(ran).toEqual([soon, late]);

  const other = await newQueue();
  await other.work('execution.run', { concurrency: 3, lookEverySeconds: never }, async ({ executionId }) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    ended.push(executionId);
  });
  await queue.stop();
  for (const id of turns) await send(queue, id, { group: 'turns', groupConcurrency: 1 });
  // One after the other unless two looked at the same moment, which the claim deals with.
  await until(() => ended.length === turns.length);
  expect(ended.toSorted()).toEqual(turns.toSorted());
});

it('draws in the jobs of a clock that was put back, and keeps what each waits for', async () => {
  for (const queue of open) await queue.stop();
  const queue = await newQueue();
  const [ahead, waits, retried, held, sound] = [newId(), newId(), newId(), newId(), newId()];
  for (const id of [ahead, retried, held, sound]) await send(queue, id);
  await send(queue, waits, { delaySeconds: 300 });
  const set = (id: string, columns: string) =>
    db.pool.query(`UPDATE pgboss.job SET ${columns} WHERE id = $1`, [id]);
  const later = (column: string) => `${column} = ${column} + interval '2 hours'`;
  for (const id of [ahead, waits]) await set(id, `${later('created_on')}, ${later('start_after')}`);
  const soon = `start_after = now() + interval '2 hours 10 seconds'`;
  await set(retried, `state = 'retry', started_on = now() + interval '2 hours', ${soon}`);
  const there = `started_on = now() + interval '2 hours', heartbeat_on = now() + interval '2 hours'`;
  await set(held, `state = 'active', ${there}`);
  await set(sound, `start_after = now() + interval '10 minutes'`);
  expect(await db.transaction((tx) => drawInJobs(tx))).toBe(4);
  const { rows } = await db.pool.query<{ id: string; due: number; isLate: boolean }>(
    `SELECT id, round(extract(epoch FROM start_after - now()) / 10)::int AS due,
       greatest(created_on, started_on, heartbeat_on) > now() AS "isLate" FROM pgboss.job WHERE id = ANY($1::uuid[])`,
    [[ahead, waits, retried, sound]],
  );
  expect(Object.fromEntries(rows.map(({ id, due }) => [id, due]))).toEqual({
    ...{ [ahead]: 0, [waits]: 30, [retried]: 1, [sound]: 60 },
  });
  expect(rows.filter(({ isLate }) => isLate)).toEqual([]);
  const beats = await db.pool.query('SELECT heartbeat_on <= now() AS past FROM pgboss.job WHERE id = $1', [
    held,
  ]);
  expect(beats.rows).toEqual([{ past: true }]);
  await db.transaction((tx) => queue.remove(tx, 'execution.run', [ahead, waits, retried, held, sound]));
  await queue.stop();
});

it('gives the job of a handler that stopped to the next worker, and a resent one to whoever comes', async () => {
  for (const queue of open) await queue.stop();
  const first = await newQueue();
  const id = newId();
  let attempts = 0;
  await first.work('execution.run', { concurrency: 1 }, async (_data, signal) => {
    attempts += 1;
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopping'))));
  });
  await send(first, id);
  await until(() => attempts === 1);
  await first.stop();
  expect(await left()).toEqual([id]);

  const second = await newQueue();
  // As if its worker had been killed: active, with a heartbeat that is not yet missed.
  await db.pool.query(`UPDATE pgboss.job SET state = 'active', heartbeat_on = now() WHERE id = $1`, [id]);
  await db.transaction((tx) => second.resend(tx, 'execution.run', id, { executionId: id }));
  expect(await left()).toEqual([id]);
  const ran: string[] = [];
  await second.work('execution.run', { concurrency: 1 }, async ({ executionId }) => {
    ran.push(executionId);
  });
  await until(() => ran.length === 1);
  expect(ran).toEqual([id]);
});
