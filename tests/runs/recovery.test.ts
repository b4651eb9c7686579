/** After SIGKILL of a worker, every execution goes on behind its last step done, or says why not. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endStragglers } from '../../src/processes/end-stragglers.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { toolResultsOf, userTextOf } from '../helpers/messages-api.ts';
import { createRunnerBench, processesOf, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }), { start: false });
  await bench.addHostile();
  await bench.pool.evict('hostile');
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await bench.close();
});

/** A worker in a process of its own, working. */
async function startWorker(): Promise<ChildProcess> {
  const worker = spawn(
    process.execPath,
    [path.join(import.meta.dirname, '../helpers/abandon-run.ts'), bench.db.url, bench.home],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  workers.push(worker);
  await once(worker.stdout, 'data');
  return worker;
}

it('goes on, runs again what is safe, and fails what may have had its effect', async () => {
  const sleeping = { name: 'mcp__hostile__sleep', input: { count: 600_000 } };
  bench.api.setScript((request) => {
    const text = userTextOf(request.body);
    if (text.includes('First')) return { text: 'One.' };
    return text.includes('Call') && toolResultsOf(request.body).length === 0
      ? { toolCalls: [sleeping] }
      : { text: 'Long. '.repeat(100), eventDelayMs: 60_000 };
  });
  const call = { prompt: 'Call', allowedTools: ['mcp__hostile__sleep'] };
  await bench.addSkill({ slug: 'safe', steps: ['First', 'Second'] });
  await bench.addSkill({ slug: 'risky', steps: ['First', call] });

  const worker = await startWorker();
  const safe = await bench.start('safe');
  const risky = await bench.start('risky');
  await until(async () => {
    const step = await bench.db.prisma.executionStep.count({ where: { stepId: 2, status: 'running' } });
    return step === 2 && (await bench.db.prisma.toolCall.count({ where: { status: 'dispatched' } })) === 1;
  });
  await until(
    () => bench.api.requests.filter(({ body }) => userTextOf(body).includes('Second')).length === 1,
  );
  // And one that was accepted and whose job is lost.
  const [agent] = bench.agents();
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
  expect(agent).toBeDefined();
  const lost = await bench.start('safe', { lost: true });
  await bench.db.pool.query('DELETE FROM pgboss.job');

  bench.api.setScript(() => ({ text: 'Two.' }));
  const asked = bench.api.requests.length;
  // In this order, as the VM starts.
  await endStragglers(bench.home, bench);
  // Whatever the killed worker had started is gone by now.
  expect(processesOf(bench.home)).toEqual([]);
  await bench.runner.start();

  const first = await bench.ended(safe);
  expect(first.execution).toMatchObject({
    status: 'succeeded',
    output: 'Two.',
    steps: [
      { status: 'done', attempt: 1 },
      { status: 'done', attempt: 2 },
    ],
  });
  const statuses = first.events.flatMap(({ kind, data, step }) =>
    kind === 'step' && step === 2 ? [(data as { status: string }).status] : [],
  );
  expect(statuses).toEqual(['running', 'unknown', 'running', 'done']);
  expect(first.events.map(({ seq }) => seq)).toEqual(first.events.map((_, index) => index + 1));

  const second = await bench.ended(risky);
  expect(second.execution).toMatchObject({
    status: 'failed',
    errorCode: 'E_INTERRUPTED',
    steps: [{ status: 'done' }, { status: 'unknown' }],
    toolCalls: [{ name: 'mcp__hostile__sleep', status: 'unknown' }],
  });
  expect(second.execution.error).toContain('sleep');

  const third = await bench.ended(lost);
  expect(third.execution).toMatchObject({ status: 'succeeded', input: { lost: true } });
  // One step of the first, none of the second, two of the third.
  expect(bench.api.requests.length - asked).toBe(3);
});
