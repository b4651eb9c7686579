/** The queue on a real database: with the transaction or not at all, at once, in turn, and back when nobody is there. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { newId } from '../kernel/ids.ts';
import { createLogger } from '../kernel/log.ts';
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
