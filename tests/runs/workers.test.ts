/** Several processes on one database: they share the work, never a run, and take over from one that dies or hangs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimExecution } from '../../src/runner/claim-execution.ts';
import { createRoster } from '../../src/runner/roster.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { userTextOf } from '../helpers/messages-api.ts';
import { createRunnerBench, gate, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
const workers: ChildProcess[] = [];
let started: Promise<void> | undefined;
/** Lets the test's own process work, too. */
const work = () => (started ??= bench.runner.start());
beforeEach(async () => {
  started = undefined;
  // The test's own process works on nothing until it is told to.
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }), {
    start: false,
    roster: { lookEveryMs: 250 },
  });
});
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    const gone = worker.exitCode === null && worker.signalCode === null ? once(worker, 'exit') : undefined;
    worker.kill('SIGKILL');
    await gone;
  }
  // Takes away what they left.
  await work();
  await until(() => bench.agents().length === 0);
  await bench.close();
});

async function startWorker(): Promise<ChildProcess> {
  const worker = spawn(
    process.execPath,
    [path.join(import.meta.dirname, '../helpers/abandon-run.ts'), bench.db.url, bench.home, '250'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  workers.push(worker);
  await once(worker.stdout, 'data');
  return worker;
}

const holders = async () =>
  (await bench.db.pool.query('SELECT DISTINCT claimed_by FROM executions WHERE claimed_by IS NOT NULL'))
    .rowCount;

it('share the work, and no more runs of a skill go on at once than it allows', async () => {
  await bench.addSkill({ slug: 'three-at-once', steps: ['Do it'], concurrency: 3 });
  let together = 0;
  let most = 0;
  const three = gate();
  let mostHolders = 0;
  bench.api.setScript(async () => {
    most = Math.max(most, ++together);
    mostHolders = Math.max(mostHolders, (await holders()) ?? 0);
    if (together === 3) three.open();
    await three.passed;
    // Time for a fourth to come, if one ever does.
    await new Promise((resolve) => setTimeout(resolve, 300));
    together--;
    return { text: 'Done.' };
  });
  await startWorker();
  await startWorker();
  const ids = await Promise.all(Array.from({ length: 6 }, () => bench.start('three-at-once')));
  const ends = await Promise.all(ids.map((id) => bench.ended(id)));
  expect(ends.map(({ execution }) => execution.status)).toEqual(ids.map(() => 'succeeded'));
  expect(bench.api.requests).toHaveLength(6);
  expect(most).toBe(3);
  // Each worker takes two at most.
  expect(mostHolders).toBe(2);
});

it('claim no more runs of a skill than it allows, when all look at the same moment', async () => {
  await bench.addSkill({ slug: 'two-at-once', steps: ['Do it'], concurrency: 2 });
  const rosters = Array.from({ length: 6 }, () =>
    createRoster({ db: bench.db, log: bench.log, vault: bench.vault, kind: 'worker' }),
  );
  const claims = await Promise.all(
    rosters.map(async (roster) => {
      await roster.join();
      return await claimExecution(bench, await bench.start('two-at-once'), roster.workerId);
    }),
  );
  expect(claims.filter((claim) => claim !== undefined)).toHaveLength(2);
  // The others are where they were: queued, each with its job.
  const { rows } = await bench.db.pool.query(`
    SELECT e.status, count(*)::int FROM executions e JOIN pgboss.job j ON j.id = e.id AND j.state = 'created'
    WHERE e.claimed_by IS NULL GROUP BY e.status`);
  expect(rows).toEqual([{ status: 'queued', count: 4 }]);
  for (const roster of rosters) await roster.leave();
  await bench.db.prisma.execution.updateMany({ data: { cancelRequestedAt: new Date() } });
});

it('what one was at when it was killed, the other goes on with, without a restart', async () => {
  await bench.addSkill({ slug: 'two', steps: ['First', 'Second'] });
  const second = gate();
  bench.api.setScript(async ({ body }) => {
    if (!userTextOf(body).includes('Second')) return { text: 'One.' };
    second.open();
    return { text: 'Long. '.repeat(100), eventDelayMs: 60_000 };
  });
  const first = await startWorker();
  const id = await bench.start('two');
  await second.passed;
  await startWorker();
  bench.api.setScript(() => ({ text: 'Two.' }));
  const asked = bench.api.requests.length;
  first.kill('SIGKILL');
  const { execution } = await bench.ended(id);
  expect(execution).toMatchObject({
    status: 'succeeded',
    steps: [
      { status: 'done', attempt: 1 },
      { status: 'done', attempt: 2 },
    ],
  });
  expect(bench.api.requests.length - asked).toBe(1);
});

it('one that hangs loses its run, and writes nothing about it when it is back', async () => {
  await bench.addSkill({ slug: 'one', steps: ['Do it'] });
  const began = gate();
  const go = gate();
  bench.api.setScript(async () => {
    began.open();
    await go.passed;
    return { text: 'From the one that hung.' };
  });
  const hung = await startWorker();
  const id = await bench.start('one');
  await began.passed;
  await startWorker();
  const again = gate();
  bench.api.setScript(() => {
    again.open();
    return { text: 'From the other.', eventDelayMs: 100 };
  });
  hung.kill('SIGSTOP');
  await again.passed;
  hung.kill('SIGCONT');
  go.open();
  const { execution, events } = await bench.ended(id);
  expect(execution).toMatchObject({
    status: 'succeeded',
    output: 'From the other.',
    steps: [{ status: 'done', attempt: 2 }],
  });
  expect(JSON.stringify(events)).not.toContain('that hung');
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  // It works again, for others.
  await until(
    async () =>
      (await bench.db.prisma.worker.count({ where: { process: { startsWith: `${hung.pid}:` } } })) === 1,
  );
  expect(hung.exitCode).toBeNull();
});

it('one that was taken for dead while it claimed a run gives it back, and the run ends well', async () => {
  await bench.addSkill({ slug: 'one', steps: ['Do it'] });
  bench.api.setScript(() => ({ text: 'Done.' }));
  const id = await bench.start('one');
  const client = await bench.db.pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT FROM executions WHERE id = $1 FOR UPDATE', [id]);
  await work();
  const waits = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await until(async () => (await bench.db.pool.query(waits)).rowCount === 1);
  const { rows: before } = await bench.db.pool.query('DELETE FROM workers RETURNING beat');
  expect(before).toHaveLength(1);
  await until(async () => (await bench.db.prisma.worker.count()) === 1);
  await client.query('COMMIT');
  client.release();
  const { execution, events } = await bench.ended(id);
  expect(execution).toMatchObject({ status: 'succeeded', output: 'Done.' });
  const statuses = events.filter(({ kind }) => kind === 'status').map(({ data }) => data);
  expect(statuses).toMatchObject(
    ['queued', 'running', 'queued', 'running', 'succeeded'].map((status) => ({ status })),
  );
});
