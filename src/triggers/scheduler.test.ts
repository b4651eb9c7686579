import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { createTestVault, type TestVault } from '../../tests/helpers/vault.ts';
import { putConfig } from '../config/put-config.ts';
import { skillDefinitionSchema } from '../contract/skills.ts';
import { createLogger } from '../kernel/log.ts';
import { openQueue, type Queue } from '../queue/queue.ts';
import { createSkill } from '../skills/create-skill.ts';
import { updateSkill } from '../skills/update-skill.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
let db: TestDatabase;
let vault: TestVault;
let queue: Queue;
let now = new Date();
let number = 0;

const scheduler = (): Scheduler =>
  createScheduler({ db, queue, vault, log, settings: { model: undefined }, clock: { now: () => now } });

/** A skill that fires every hour, whose next time is `at`. */
async function hourly(
  at: string,
  missed: 'skip' | 'once' = 'skip',
  isActive = true,
  overlap?: 'skip' | 'one' | 'all',
): Promise<string> {
  const slug = `hourly-${++number}`;
  const definition = skillDefinitionSchema.parse({
    slug,
    name: slug,
    steps: [{ id: 1, prompt: 'Say the hour' }],
    triggerType: 'schedule',
    triggerConfig: { cron: '0 * * * *', timezone: 'UTC', missed, overlap },
    isActive,
  });
  await createSkill({ db, vault }, definition, { actor: 'test', mayLoosen: true });
  if (isActive) await db.prisma.skill.update({ where: { slug }, data: { nextRunAt: new Date(at) } });
  return slug;
}

const executionsOf = async (skillSlug: string) =>
  (await db.prisma.execution.findMany({ where: { skillSlug }, orderBy: { createdAt: 'asc' } })).map(
    ({ trigger, actor, triggerDetail }) => ({ trigger, actor, triggerDetail }),
  );
const nextOf = async (slug: string) =>
  (await db.prisma.skill.findUnique({ where: { slug } }))?.nextRunAt?.toISOString();

beforeAll(async () => {
  db = await createTestDatabase();
  vault = await createTestVault(db);
  queue = await openQueue({ url: db.url, log });
});
beforeEach(() => {
  now = new Date('2026-11-22T07:00:00.400Z');
});
afterAll(async () => {
  await queue.stop();
  await vault.remove();
  await db.drop();
});

describe('a schedule', () => {
  it('is given its first time when it is saved, and a draft none', async () => {
    const active = await hourly('2026-11-22T07:00:00Z');
    expect((await db.prisma.skill.findUnique({ where: { slug: active } }))?.nextRunAt).not.toBeNull();
    const draft = await hourly('', 'skip', false);
    expect(await nextOf(draft)).toBeUndefined();
  });

  it('fires when it is due, once, and moves on', async () => {
    const slug = await hourly('2026-11-22T07:00:00Z');
    expect(await scheduler().tick()).toBeGreaterThanOrEqual(1);
    expect(await scheduler().tick()).toBe(0);
    expect(await executionsOf(slug)).toEqual([
      { trigger: 'schedule', actor: 'schedule', triggerDetail: { scheduledFor: '2026-11-22T07:00:00.000Z' } },
    ]);
    expect(await nextOf(slug)).toBe('2026-11-22T08:00:00.000Z');
  });

  it('fires once when several processes look at once, or the time was not moved on', async () => {
    const slug = await hourly('2026-11-22T07:00:00Z');
    await Promise.all(Array.from({ length: 5 }, () => scheduler().tick()));
    await db.prisma.skill.update({ where: { slug }, data: { nextRunAt: new Date('2026-11-22T07:00:00Z') } });
    await scheduler().tick();
    expect(await executionsOf(slug)).toHaveLength(1);
  });

  it('does not fire again when the clock jumps back', async () => {
    const slug = await hourly('2026-11-22T07:00:00Z');
    await scheduler().tick();
    now = new Date('2026-11-22T06:30:00Z');
    await scheduler().tick();
    now = new Date('2026-11-22T07:00:30Z');
    await scheduler().tick();
    expect(await executionsOf(slug)).toHaveLength(1);
  });

  it('skips what was missed, or runs once for all of it, as it says', async () => {
    const skipping = await hourly('2026-11-22T02:00:00Z', 'skip');
    const catchingUp = await hourly('2026-11-22T02:00:00Z', 'once');
    now = new Date('2026-11-22T06:20:00Z');
    await scheduler().tick();
    expect(await executionsOf(skipping)).toEqual([]);
    expect(await executionsOf(catchingUp)).toEqual([
      {
        trigger: 'schedule',
        actor: 'schedule',
        triggerDetail: { scheduledFor: '2026-11-22T06:00:00.000Z', missed: 4 },
      },
    ]);
    expect([await nextOf(skipping), await nextOf(catchingUp)]).toEqual(
      Array.from({ length: 2 }, () => '2026-11-22T07:00:00.000Z'),
    );
  });

  it('that cannot be started keeps no other from its time, and is tried at its next one', async () => {
    const slug = await hourly('2026-11-22T06:59:00Z');
    await db.prisma.skill.update({ where: { slug }, data: { steps: [{ id: 1, prompt: 'For {{nobody}}' }] } });
    const other = await hourly('2026-11-22T07:00:00Z');
    await scheduler().tick();
    expect(await executionsOf(other)).toHaveLength(1);
    expect(await nextOf(slug)).toBe('2026-11-22T08:00:00.000Z');
  });

  it('goes on by its words when the clock is put back, or its row names a time that is none', async () => {
    const slug = await hourly('2026-11-22T09:00:00Z');
    const ticking = scheduler();
    await ticking.tick();
    expect(await nextOf(slug)).toBe('2026-11-22T08:00:00.000Z');
    await db.prisma.skill.update({ where: { slug }, data: { nextRunAt: new Date('2026-11-22T07:10:00Z') } });
    now = new Date('2026-11-22T07:10:01Z');
    expect(await ticking.tick()).toBe(0);
    expect([await executionsOf(slug), await nextOf(slug)]).toEqual([[], '2026-11-22T08:00:00.000Z']);
  });

  it('rests while it is paused, whatever time stands in its row', async () => {
    const slug = await hourly('2026-11-22T07:00:00Z');
    const patch = { triggerConfig: { pausedUntil: '2026-11-22T09:00:00.000Z' } };
    await updateSkill({ db, vault }, slug, patch, { actor: 'test', mayLoosen: true });
    // As a row that was written by an earlier save, or another clock.
    const due = { nextRunAt: new Date('2026-11-22T07:00:00Z') };
    await db.prisma.skill.update({ where: { slug }, data: due });
    await scheduler().tick();
    expect(await executionsOf(slug)).toEqual([]);
    expect(await nextOf(slug)).toBe('2026-11-22T10:00:00.000Z');
    now = new Date('2026-11-22T10:00:00.400Z');
    await scheduler().tick();
    expect(await executionsOf(slug)).toHaveLength(1);
  });

  it('moves with its owner when it names no zone', async () => {
    const slug = await hourly('2026-11-22T08:00:00Z');
    const triggerConfig = { cron: '0 9 * * *', missed: 'skip', overlap: 'one' };
    await db.prisma.skill.update({
      where: { slug },
      data: { triggerConfig, nextRunAt: new Date('2026-11-22T09:00:00Z') },
    });
    await putConfig({ db, vault }, 'timezone', 'Asia/Tokyo');
    await scheduler().tick();
    expect(await nextOf(slug)).toBe('2026-11-23T00:00:00.000Z');
    await putConfig({ db, vault }, 'timezone', 'Europe/Berlin');
    await scheduler().tick();
    expect(await nextOf(slug)).toBe('2026-11-22T08:00:00.000Z');
  });

  it.each([
    ['skip', 'running', 0],
    ['skip', 'queued', 0],
    ['one', 'running', 1],
    ['one', 'queued', 0],
    ['all', 'queued', 1],
  ] as const)(
    'with overlap %s beside a run that is %s starts %i, and counts what it leaves out',
    async (overlap, status, runs) => {
      const slug = await hourly('2026-11-22T07:00:00Z', 'skip', true, overlap);
      await scheduler().tick();
      await db.pool.query(`UPDATE executions SET status = $2::execution_status WHERE skill_slug = $1`, [
        slug,
        status,
      ]);
      now = new Date('2026-11-22T08:00:01Z');
      expect(await scheduler().tick()).toBeGreaterThanOrEqual(runs);
      expect(await executionsOf(slug)).toHaveLength(1 + runs);
      const { skippedCount, lastSkippedAt } = await db.prisma.skill.findUniqueOrThrow({ where: { slug } });
      expect([skippedCount, lastSkippedAt?.toISOString()]).toEqual(
        runs === 1 ? [0, undefined] : [1, '2026-11-22T08:00:00.000Z'],
      );
    },
  );
});
