import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { createLogger } from '../kernel/log.ts';
import { type ClockJump, lookAtClock } from './clock-watch.ts';
import { readSettledNow } from './times.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const hour = 3_600_000;
const year = 365 * 24 * hour;
let db: TestDatabase;
let jumps: number[];
let machine: { uptimeMs: number; boot: string | null };

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.pool.query('DELETE FROM clock');
  jumps = [];
  machine = { uptimeMs: hour, boot: 'this one' };
  expect(await look()).toBeUndefined();
});

const look = (): Promise<ClockJump | undefined> =>
  lookAtClock({
    ...{ db, log },
    machine: () => machine,
    onJump: async (_tx, { ms }) => void jumps.push(ms),
  });

/** As if the database's clock had gone so far since the last look, and the machine had run for so long. */
async function pass(clockMs: number, ranMs: number): Promise<void> {
  await db.pool.query(`UPDATE clock SET at = at - make_interval(secs => $1)`, [clockMs / 1_000]);
  machine = { ...machine, uptimeMs: machine.uptimeMs + ranMs };
  await look();
}

/** How far the time by which things grow old is behind the clock, in hours. */
const behind = async () =>
  Math.round((Date.now() - (await readSettledNow(db.pool)).getTime() + 1_000) / hour);

it('believes a clock that goes as the machine runs, through its sleep too', async () => {
  await pass(hour, hour);
  await pass(40 * 24 * hour, 40 * 24 * hour);
  await pass(hour + 2_000, hour);
  expect(jumps).toEqual([]);
  expect(await behind()).toBe(0);
});

it('tells of a jump once, and lets nothing grow old by it for a day', async () => {
  await pass(year, 5_000);
  await pass(5_000, 5_000);
  expect(jumps.map((ms) => Math.round(ms / hour))).toEqual([year / hour]);
  expect(await behind()).toBe(year / hour);
  await pass(23 * hour, 23 * hour);
  expect(await behind()).toBe(year / hour);
  await pass(hour, hour);
  expect(await behind()).toBe(0);
});

it('forgets a jump that was put right', async () => {
  await pass(2 * hour, 5_000);
  await pass(-2 * hour + 5_000, 5_000);
  expect(jumps.map((ms) => Math.round(ms / hour))).toEqual([2, -2]);
  expect(await behind()).toBe(0);
  await pass(-24 * hour, 5_000);
  // Never later than the clock itself.
  expect(await behind()).toBe(0);
  await pass(24 * hour + 5_000, 5_000);
  expect(await behind()).toBe(0);
});

it('lets nothing grow old by a jump that nobody has seen yet', async () => {
  await db.pool.query(`UPDATE clock SET at = at - interval '3 hours'`);
  expect(await behind()).toBe(3);
});

it('knows after a new boot that time does not go back, and not how long the machine was off', async () => {
  machine = { uptimeMs: 10_000, boot: 'another' };
  await pass(9 * hour, 0);
  expect(jumps).toEqual([]);
  expect(await behind()).toBe(0);
  machine = { uptimeMs: 10_000, boot: 'a third' };
  await pass(-2 * hour, 0);
  expect(jumps.map((ms) => Math.round(ms / hour))).toEqual([-2]);
});

it('remembers jumps over a restart, not over a new boot', async () => {
  await pass(year, 5_000);
  expect(await behind()).toBe(year / hour);
  machine = { uptimeMs: 60_000, boot: 'another' };
  await look();
  expect(await behind()).toBe(0);
});
