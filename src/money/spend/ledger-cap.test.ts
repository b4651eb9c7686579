import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/database.ts';
import { insertExecution, insertSkill } from '../../../tests/helpers/rows.ts';
import type { Clock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { createLogger } from '../../kernel/log.ts';
import { listAllRows, writePlain } from '../../vault/plain-rows.ts';
import { priceOf } from '../prices.ts';
import { type Held, reserve, type SpendAsk } from '../spend-caps.ts';
import { ledgerCap } from './ledger-cap.ts';
import { tidySpend } from './tidy-spend.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
let db: TestDatabase;
let workerId: string;
let skillId: string;
let executionId: string;
/** What time it is for the ledger. */
let clock: Clock;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  clock = at('2026-11-23T15:07:00Z');
  await db.pool.query('DELETE FROM spend_reservations');
  await db.pool.query('DELETE FROM spend_totals');
  await db.pool.query('DELETE FROM config');
  await listAllRows(db.prisma);
  workerId = await aWorker();
  skillId = (await insertSkill(db, { slug: `s-${newId()}` })).id;
  executionId = (await insertExecution(db)).id;
});

async function aWorker(): Promise<string> {
  const id = newId();
  await db.prisma.worker.create({ data: { id, kind: 'worker', machine: null, process: '1:1' } });
  return id;
}
const at = (moment: string): Clock => ({ now: () => new Date(moment) });
const set = (key: string, value: string) => db.transaction((tx) => writePlain(tx, { [key]: value }));
const cap = (given: { runCapUsd?: number; patienceMs?: number; worker?: string; run?: string } = {}) =>
  ledgerCap(
    { db, clock, log, workerId: given.worker ?? workerId, patienceMs: given.patienceMs ?? 0 },
    { executionId: given.run ?? executionId, skillId, runCapUsd: given.runCapUsd },
  );
const anAsk = (given: Partial<SpendAsk> = {}): SpendAsk => ({
  model: 'claude-sonnet-5-5',
  leastUsd: 0.01,
  comfortUsd: 0.1,
  mostUsd: 0.4,
  ...given,
});
const totals = async () => {
  const rows = await db.prisma.spendTotal.findMany({ orderBy: { scope: 'asc' } });
  return Object.fromEntries(rows.map(({ scope, usd }) => [scope.split(':')[0], Number(usd)]));
};

describe('without caps', () => {
  it('every call is taken down all the same: a cap that is set later counts it', async () => {
    expect(await cap().bound()).toBeUndefined();
    const held = await cap().hold(anAsk());
    expect(held).toMatchObject({ grantedUsd: 0.4, shortage: undefined });
    expect(await totals()).toEqual({});
    await held.settle(0.03);
    expect(await totals()).toEqual({ skill: 0.03, vm: 0.03 });
    await set('max_cost_per_day_usd', '0.035');
    await expect(cap().hold(anAsk())).rejects.toMatchObject({ code: 'E_COST_CAP_DAY' });
  });

  it('a model without a price goes through, and under a cap it does not', async () => {
    const call = { model: 'mystery', price: undefined, promptTokens: 1, cache: 'none' as const };
    const estimate = { ...call, maxTokens: 100, leastTokens: 1 };
    expect((await reserve([cap()], estimate)).maxTokens).toBe(100);
    await set('max_cost_per_month_usd', '5');
    await expect(reserve([cap()], estimate)).rejects.toMatchObject({
      code: 'E_MODEL_UNPRICED',
      message: expect.stringContaining('$5.00 a month for this VM'),
    });
  });
});

describe('each cap', () => {
  const spend = async (usd: number) => (await cap().hold(anAsk())).settle(usd);

  it('of a run stops that run alone', async () => {
    await spend(0.09);
    await expect(cap({ runCapUsd: 0.095 }).hold(anAsk())).rejects.toMatchObject({
      code: 'E_COST_CAP',
      message: expect.stringMatching(/\$0\.095 for this run .*\$0\.09 is spent\.$/),
      remedy: expect.stringContaining('maxCostUsd'),
    });
    const other = (await insertExecution(db)).id;
    await expect(cap({ runCapUsd: 0.095, run: other }).hold(anAsk())).resolves.toMatchObject({
      grantedUsd: 0.095,
      shortage: { code: 'E_COST_CAP', message: expect.stringContaining('cut short') },
    });
  });

  it.each(['maxCostPerDayUsd', 'maxCostPerMonthUsd'] as const)('of a skill: %s', async (field) => {
    await db.prisma.skill.update({ where: { id: skillId }, data: { [field]: 0.095 } });
    await spend(0.09);
    const period = field.includes('Day') ? 'day' : 'month';
    await expect(cap().hold(anAsk())).rejects.toMatchObject({
      code: 'E_COST_CAP_SKILL',
      message: expect.stringContaining(`a ${period} for the skill "s-`),
      remedy: expect.stringContaining(`raise ${field}`),
    });
    skillId = (await insertSkill(db)).id;
    await cap().hold(anAsk());
  });

  it.each([
    ['day', 'E_COST_CAP_DAY', '24 Nov 2026', '25 Nov 2026'],
    ['month', 'E_COST_CAP_MONTH', '1 Nov 2026', '1 Dec 2026'],
  ] as const)(
    'of a %s says since when and until when, in the zone of the owner',
    async (period, code, since, until) => {
      await set('timezone', 'Pacific/Kiritimati');
      await set(`max_cost_per_${period}_usd`, '0.095');
      await spend(0.09);
      await expect(cap().hold(anAsk())).rejects.toMatchObject({
        code,
        message: expect.stringContaining(`$0.09 is spent since ${since}, 00:00 (Pacific/Kiritimati).`),
        remedy: expect.stringMatching(
          new RegExp(
            `^It goes on from ${until}, 00:00 \\(Pacific/Kiritimati\\): .*config set max_cost_per_${period}_usd`,
          ),
        ),
      });
    },
  );

  it.each([
    // The last and the first moment of a day of UTC, and of one that ends in the middle of UTC's.
    ['UTC', 'day', '2026-11-23T23:59:59Z', '2026-11-24T00:00:00Z'],
    ['Pacific/Auckland', 'day', '2026-11-23T10:59:59Z', '2026-11-23T11:00:00Z'],
    ['Asia/Kathmandu', 'day', '2026-11-23T18:14:59Z', '2026-11-23T18:15:00Z'],
    // Days of 23 and of 25 hours.
    ['America/Los_Angeles', 'day', '2027-03-15T06:59:59Z', '2027-03-15T07:00:00Z'],
    ['America/Los_Angeles', 'day', '2026-11-02T07:59:59Z', '2026-11-02T08:00:00Z'],
    ['UTC', 'month', '2026-11-30T23:59:59Z', '2026-12-01T00:00:00Z'],
    ['Pacific/Auckland', 'month', '2026-11-30T10:59:59Z', '2026-11-30T11:00:00Z'],
  ] as const)(
    'counts from its own beginning: in %s, by %s, from one to the next',
    async (zone, period, last, next) => {
      await set('timezone', zone);
      await set(`max_cost_per_${period}_usd`, '0.095');
      clock = at(last);
      await spend(0.09);
      await expect(cap().hold(anAsk())).rejects.toThrow('$0.09 is spent');
      clock = at(next);
      expect((await cap().hold(anAsk())).grantedUsd).toBe(0.095);
    },
  );

  it('the tightest cuts, and names itself', async () => {
    await set('max_cost_per_day_usd', '0.3');
    await set('max_cost_per_month_usd', '0.2');
    const { grantedUsd, shortage } = await cap({ runCapUsd: 0.25 }).hold(anAsk());
    expect([grantedUsd, shortage?.code]).toEqual([0.2, 'E_COST_CAP_MONTH']);
  });
});

describe('what others hold', () => {
  beforeEach(() => set('max_cost_per_day_usd', '0.5'));

  it('is waited for, when it leaves too little', async () => {
    const first = await cap().hold(anAsk());
    let second: Held | undefined;
    const waiting = cap({ patienceMs: 30_000 })
      .hold(anAsk({ comfortUsd: 0.2 }))
      .then((held) => {
        second = held;
      });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(second).toBeUndefined();
    await first.settle(0.05);
    await waiting;
    expect(second).toMatchObject({ grantedUsd: 0.4, shortage: undefined });
  });

  it('is not waited for where what is left will do', async () => {
    await cap().hold(anAsk());
    const { grantedUsd } = await cap({ patienceMs: 30_000 }).hold(anAsk({ comfortUsd: 0.09 }));
    expect(grantedUsd).toBeCloseTo(0.1, 9);
  });

  it('is waited for in vain for so long and no longer, and stops with the run', async () => {
    await cap().hold(anAsk({ mostUsd: 0.493 }));
    await expect(cap({ patienceMs: 300 }).hold(anAsk())).rejects.toMatchObject({
      code: 'E_COST_CAP_DAY',
      message: expect.stringContaining('$0.49 is held by calls that go on'),
    });
    await expect(
      cap({ patienceMs: 30_000 }).hold(anAsk({ signal: AbortSignal.timeout(300) })),
    ).rejects.toThrow();
  });
});

it('what a call cost is taken down once the disk of the database has room again', async () => {
  const held = await cap().hold(anAsk());
  await db.pool.query(`
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER no_room BEFORE UPDATE ON spend_reservations EXECUTE FUNCTION no_room()`);
  await held.settle(0.03);
  // Tried at least once more meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await totals()).toEqual({});
  await db.pool.query('DROP FUNCTION no_room CASCADE');
  while (Object.keys(await totals()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await totals()).toEqual({ skill: 0.03, vm: 0.03 });
});

describe('a worker that dies', () => {
  it('leaves what it had set aside as spent, in every cap, and says so', async () => {
    await set('max_cost_per_day_usd', '0.5');
    const dead = await aWorker();
    await cap({ worker: dead }).hold(anAsk({ mostUsd: 0.46 }));
    // While it lives, this is held.
    await expect(cap({ patienceMs: 0 }).hold(anAsk({ leastUsd: 0.1 }))).rejects.toThrow('is held');
    await db.prisma.worker.delete({ where: { id: dead } });
    await expect(cap({ patienceMs: 30_000 }).hold(anAsk({ leastUsd: 0.1 }))).rejects.toMatchObject({
      code: 'E_COST_CAP_DAY',
      message: expect.stringContaining('$0.46 of it perhaps, by calls that were cut off with their worker'),
    });
    // The one who is refused has rolled nothing back for others.
    expect(await tidySpend({ db, clock })).toBe(0);
    expect(await totals()).toEqual({ skill: 0.46, vm: 0.46 });
    await expect(cap({ runCapUsd: 0.465 }).hold(anAsk())).rejects.toMatchObject({ code: 'E_COST_CAP' });
  });

  it('and was only hung puts right what it spent', async () => {
    const hung = await aWorker();
    const held = await cap({ worker: hung }).hold(anAsk());
    await db.prisma.worker.delete({ where: { id: hung } });
    expect(await tidySpend({ db, clock })).toBe(1);
    expect(await totals()).toEqual({ skill: 0.4, vm: 0.4 });
    await held.settle(0.02);
    expect(await totals()).toEqual({ skill: 0.02, vm: 0.02 });
    // Once.
    await held.settle(0.03);
    expect(await totals()).toEqual({ skill: 0.02, vm: 0.02 });
  });
});

it('drops what no cap counts any more, and nothing of a run that has not ended', async () => {
  const old = new Date(clock.now().getTime() - 80 * 86_400_000);
  await (await cap().hold(anAsk())).settle(0.01);
  await (
    await cap({ run: (await insertExecution(db, { status: 'failed', completedAt: old })).id }).hold(anAsk())
  ).settle(0.01);
  await db.pool.query('UPDATE spend_reservations SET settled_at = $1', [old]);
  await db.pool.query('UPDATE spend_totals SET bucket = $1', [old]);
  await tidySpend({ db, clock });
  expect(await db.prisma.spendReservation.findMany({ select: { executionId: true } })).toEqual([
    { executionId },
  ]);
  expect(await totals()).toEqual({});
});

it('reserves in one statement without caps, and never for nothing', async () => {
  const price = priceOf('claude-sonnet-5-5');
  const call = { model: 'claude-sonnet-5-5', price, promptTokens: 1000, cache: 'none' as const };
  const { settle, maxTokens } = await reserve([cap()], { ...call, maxTokens: 32_000, leastTokens: 100 });
  expect(maxTokens).toBe(32_000);
  const [row] = await db.prisma.spendReservation.findMany();
  expect(Number(row?.heldUsd)).toBeCloseTo(0.322, 9);
  await settle(0);
  expect(await totals()).toEqual({});
});
