import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHomeDatabase } from '../backup/home-database.ts';
import { checkDatabase } from '../cli/doctor/server.ts';
import { createLogger } from '../kernel/log.ts';
import { readSettings } from '../kernel/settings.ts';
import { acquireHomeLock, type HomeLock } from '../processes/home-lock.ts';
import { forgetRunning, noteRunning, readRunning } from './running-note.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const running = { url: 'postgresql://alfred@/alfred?host=/s', socketDir: '/s', dataDir: '/d' };
/** Nobody listens there. */
const address = 'http://127.0.0.1:9';

let home: string;
let lock: HomeLock;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'alfred-note-'));
  await mkdir(path.join(home, 'postgres'));
  lock = await acquireHomeLock(home);
});
afterEach(async () => {
  await lock.release();
  await rm(home, { recursive: true, force: true });
});

const open = () => openHomeDatabase({ home, databaseUrl: undefined }, { log, onProgress: () => {} });
const kind = async () =>
  (await checkDatabase(readSettings({ HOME: home, ALFRED_HOME: home }, false))).message;

it('leads other programs to the embedded PostgreSQL while it runs', async () => {
  await noteRunning(home, running);
  expect(await readRunning(home)).toEqual(running);
  expect((await open()).url).toBe(running.url);
  await forgetRunning(home);
  expect(await readRunning(home)).toBeUndefined();
});

it('tells a VM that starts from one that runs on a database of its own, of which it says so', async () => {
  await expect(open()).rejects.toMatchObject({ code: 'E_NOT_READY' });
  expect(await kind()).toMatch(/^embedded PostgreSQL/);
  await lock.setAddress(address);
  await expect(open()).rejects.toMatchObject({
    code: 'E_SETTINGS',
    message: expect.stringContaining('runs on the PostgreSQL of its own DATABASE_URL'),
    remedy: expect.stringContaining('Set DATABASE_URL here'),
  });
});
