/** Shutting down hands work back, and the next start goes on behind the last step done. */
import { afterEach, expect, it } from 'vitest';
import { userTextOf } from '../helpers/messages-api.ts';
import { createRunnerBench, gate, type RunnerBench } from '../helpers/runner.ts';
import { openRunnerParts } from '../helpers/runner-parts.ts';

let bench: RunnerBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

it('a run under way goes back to the queue, and is finished by the next start without its first step', async () => {
  const second = gate();
  bench = await createRunnerBench(async (request) => {
    if (!userTextOf(request.body).includes('Second')) return { text: 'One.' };
    second.open();
    return { text: 'Long. '.repeat(100), eventDelayMs: 60_000 };
  });
  await bench.addSkill({ slug: 'two', steps: ['First', 'Second'] });
  const id = await bench.start('two');
  await second.passed;
  await bench.runner.stop();
  expect(bench.agents()).toEqual([]);
  expect(await bench.runFolders()).toEqual([]);
  const row = await bench.db.prisma.execution.findUniqueOrThrow({ where: { id }, include: { steps: true } });
  expect(row.status).toBe('queued');

  bench.api.setScript(() => ({ text: 'Two.' }));
  const asked = bench.api.requests.length;
  const next = await openRunnerParts(bench.db, bench.home, { env: { ALFRED_LOG_LEVEL: 'silent' } });
  try {
    await next.runner.start();
    const { execution, events } = await bench.ended(id);
    expect(execution).toMatchObject({
      status: 'succeeded',
      output: 'Two.',
      steps: [
        { status: 'done', attempt: 1, output: 'One.' },
        { status: 'done', attempt: 2, output: 'Two.' },
      ],
    });
    expect(bench.api.requests.length - asked).toBe(1);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  } finally {
    await next.close();
  }
});

it('with spares, one waits for the next step, is used by it, and none is left at the end', async () => {
  bench = await createRunnerBench(() => ({ text: 'Done.' }), { env: { ALFRED_SPARE_AGENTS: '1' } });
  await bench.addSkill({ slug: 'one', steps: ['Do it'] });
  const agents = () => bench?.agents().map(({ pid }) => pid) ?? [];
  await expect.poll(agents).toHaveLength(1);
  const [spare] = agents();
  const used = gate();
  let during: number[] = [];
  bench.api.setScript(() => {
    during = agents();
    used.open();
    return { text: 'Done.' };
  });
  const id = await bench.start('one');
  await used.passed;
  expect(during).toContain(spare);
  expect((await bench.ended(id)).execution.status).toBe('succeeded');
  // That which was used ends behind its run.
  await expect.poll(agents).toEqual([expect.toSatisfy((pid: number) => pid !== spare)]);
});
