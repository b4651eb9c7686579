/** `onFailureSkill` is started once for each failed run, whichever worker is killed while they fail. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../helpers/mcp/stdio-link.ts';
import { userTextOf } from '../helpers/messages-api.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeAll(async () => {
  const options = { start: false, roster: { lookEveryMs: 250 } };
  bench = await createRunnerBench(
    ({ body }) => (userTextOf(body).includes('Break') ? { fail: 'unauthorized' } : { text: 'Done.' }),
    options,
  );
  await bench.addSkill({ slug: 'mourner', steps: ['Tell of {{failed.skillSlug}}'], concurrency: 5 });
  await bench.addSkill({
    ...{ slug: 'fails', steps: ['First', 'Break {{what}}'], concurrency: 5 },
    onFailureSkill: 'mourner',
  });
});
afterAll(() => bench.close());

const startedBy = (id: string) =>
  bench.db.prisma.execution.findMany({ where: { triggerDetail: { path: ['failureOf'], equals: id } } });

it('is started once for each failure, whoever is killed in between', {
  tags: ['exhaustive'],
}, async () => {
  const worker = spawn(
    process.execPath,
    [path.join(import.meta.dirname, '../helpers/abandon-run.ts'), bench.db.url, bench.home, '250'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const gone = once(worker, 'exit');
  await once(worker.stdout, 'data');
  const ids = await Promise.all(Array.from({ length: 6 }, () => bench.start('fails', { what: 'it' })));
  const failures = () => bench.db.prisma.execution.count({ where: { status: 'failed' } });
  await until(async () => (await failures()) > 0);
  // Somewhere in the middle of the others.
  await sleep(Math.random() * 1_000);
  worker.kill('SIGKILL');
  await gone;
  await bench.runner.start();
  for (const id of ids) {
    expect((await bench.ended(id)).execution.status).toBe('failed');
    const handlers = await startedBy(id);
    expect(handlers).toHaveLength(1);
    expect((await bench.ended(handlers[0]?.id ?? '')).execution.status).toBe('succeeded');
  }
});
