/** The kill switch, over real runs and triggers. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { goOn } from '../../src/executions/go-on.ts';
import { retryExecution } from '../../src/executions/retry-execution.ts';
import { startExecution } from '../../src/executions/start-execution.ts';
import { stopAll } from '../../src/executions/stop-all.ts';
import { readStop } from '../../src/executions/stop-state.ts';
import { createScheduler } from '../../src/triggers/scheduler.ts';
import { createRunnerBench, gate, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeEach(async () => {
  bench = await createRunnerBench(() => ({ text: 'Done.' }));
});
afterEach(() => bench.close());

const webhook = (skill: string, dedupeKey: string) =>
  startExecution(bench, {
    ...{ skill, input: {}, mode: 'live', trigger: 'webhook', actor: 'webhook', dedupeKey },
  });

it('cancels what runs and what waits, keeps triggers from starting more, and goes on when told to', async () => {
  await bench.addSkill({ slug: 'slow', steps: ['Take long'], concurrency: 1 });
  await bench.addSkill({
    slug: 'clockwork',
    steps: ['Tick'],
    triggerType: 'schedule',
    triggerConfig: { cron: '* * * * *', missed: 'once' },
  });
  const asked = gate();
  bench.api.setScript(() => {
    asked.open();
    return { text: 'Long. '.repeat(100), eventDelayMs: 60_000 };
  });
  const running = await bench.start('slow');
  const queued = await Promise.all([bench.start('slow'), bench.start('slow')]);
  await asked.passed;

  const done = await stopAll(bench, 'token:test');
  expect(done).toMatchObject({ cancelled: 3, stopped: { by: 'token:test' } });
  for (const id of [running, ...queued]) {
    expect((await bench.ended(id)).execution).toMatchObject({
      status: 'cancelled',
      errorCode: 'E_CANCELLED',
    });
  }
  expect(await bench.api.requests[0]?.closed).toBe('aborted');
  expect(bench.api.requests).toHaveLength(1);

  // What starts by itself does not; the time that passed stays where it was.
  await expect(webhook('slow', 'one')).rejects.toMatchObject({ code: 'E_STOPPED', status: 503 });
  const past = new Date(Date.now() - 300_000);
  await bench.db.pool.query(`UPDATE skills SET next_run_at = $1 WHERE slug = 'clockwork'`, [past]);
  const scheduler = createScheduler(bench);
  expect(await scheduler.tick()).toBe(0);
  const clockwork = () => bench.db.prisma.skill.findUniqueOrThrow({ where: { slug: 'clockwork' } });
  expect((await clockwork()).nextRunAt).toEqual(past);
  // Neither does what another program starts by hand, or tries again.
  const byToken = { input: {}, mode: 'live', trigger: 'manual', actor: 'token:other' } as const;
  await expect(startExecution(bench, { skill: 'slow', ...byToken })).rejects.toMatchObject({
    code: 'E_STOPPED',
  });
  const again = { from: 'start', version: 'current' } as const;
  await expect(retryExecution(bench, running, { ...again, actor: 'token:other' })).rejects.toMatchObject({
    code: 'E_STOPPED',
  });
  // The owner still may.
  bench.api.setScript(() => ({ text: 'By hand.' }));
  expect((await bench.run('slow')).execution.status).toBe('succeeded');
  // Again: the first one stands.
  expect(await stopAll(bench, 'owner')).toEqual({ cancelled: 0, stopped: done.stopped });

  expect(await goOn(bench, 'owner')).toBe(true);
  expect(await goOn(bench, 'owner')).toBe(false);
  expect(await readStop(bench.db.prisma)).toBeUndefined();
  expect((await webhook('slow', 'one')).isDuplicate).toBe(false);
  expect(await scheduler.tick()).toBe(1);
  const acts = await bench.db.pool.query<{ action: string; actor: string }>(
    `SELECT action, actor FROM audit_inbox WHERE action LIKE 'stop%' ORDER BY id`,
  );
  expect(acts.rows.map(({ action }) => action)).toEqual([
    'stop_all.requested',
    'stop_all.requested',
    'stop_all.ended',
  ]);
  for (const { id } of await bench.db.prisma.execution.findMany({ where: { completedAt: null } })) {
    await bench.ended(id);
  }
});

it('leaves no run behind of those that start in the same moment', async () => {
  await bench.addSkill({ slug: 'quick', steps: ['Do it'] });
  bench.api.setScript(() => ({ text: 'x'.repeat(50), eventDelayMs: 60_000 }));
  const starting = Array.from({ length: 30 }, (_, index) =>
    webhook('quick', `${index}`).catch(() => undefined),
  );
  await new Promise((resolve) => setTimeout(resolve, 40));
  await stopAll(bench, 'owner');
  const started = (await Promise.all(starting)).filter((each) => each !== undefined);
  for (const { executionId } of started) await bench.ended(executionId);
  const statuses = await bench.db.prisma.execution.groupBy({ by: ['status'], _count: true });
  expect(statuses.map(({ status }) => status)).toEqual(started.length > 0 ? ['cancelled'] : []);
});
