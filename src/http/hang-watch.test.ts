import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { createHangWatch, type HangWatch } from './hang-watch.ts';

let db: TestDatabase;
const watches: HangWatch[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(watches.map((watch) => watch.close()));
  await db.drop();
});

function watchOf(url: string): HangWatch {
  const watch = createHangWatch({ url });
  watches.push(watch);
  return watch;
}

it('lets work take its time while the database answers, and passes on how it ends', async () => {
  const watch = watchOf(db.url);
  const slow = (signal: AbortSignal) => sleep(2_500, 'done', { signal });
  expect(await watch.run(slow)).toBe('done');
  await expect(watch.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

it('takes its own being busy for no silence of the database', async () => {
  const watch = watchOf(db.url);
  const busy = async (signal: AbortSignal) => {
    for (let turn = 0; turn < 8; turn++) {
      await sleep(1, undefined, { signal });
      for (const end = performance.now() + 900; performance.now() < end; );
    }
    return 'done';
  };
  expect(await watch.run(busy)).toBe('done');
});

it('gives work up while the database hangs, and tells it so', async () => {
  // As a server that was stopped: the kernel takes connections for it, and nobody answers.
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const watch = createHangWatch({
    url: `postgresql://nobody@127.0.0.1:${(server.address() as AddressInfo).port}/none`,
  });
  let told: AbortSignal | undefined;
  const endless = (signal: AbortSignal) => {
    told = signal;
    return new Promise<never>(() => {});
  };
  await expect(watch.run(endless)).rejects.toMatchObject({
    code: 'E_NOT_READY',
    message: 'The database does not answer: no answer within 1 s.',
  });
  expect(told?.aborted).toBe(true);
  for (const socket of sockets) socket.destroy();
  await watch.close();
  server.close();
});
