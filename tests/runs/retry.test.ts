/** What the model's side may get over by itself is tried again later, and nothing else is. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TriggerType } from '../../src/contract/trigger-types.ts';
import type { RetryDelays } from '../../src/runner/retry.ts';
import { toolResultsOf, userTextOf } from '../helpers/messages-api.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeAll(async () => {
  const waits: Partial<Record<TriggerType, number[]>> = { manual: [1, 1], schedule: [1] };
  const delays: RetryDelays = (trigger) => waits[trigger] ?? [];
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }), {
    runner: { retryDelays: delays },
  });
  await bench.addHostile();
  await bench.addSkill({ slug: 'two', steps: ['First', 'Second'] });
  await bench.addSkill({
    slug: 'risky',
    steps: [{ prompt: 'Call', allowedTools: ['mcp__hostile__sleep'] }],
  });
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.api.requests.length = 0;
});

it('an overloaded model is asked again later, from the step that it failed at, and the events say so', async () => {
  let seconds = 0;
  bench.api.setScript((request) => {
    if (!userTextOf(request.body).includes('Second')) return { text: 'One.' };
    // The agent itself asks more than once within an attempt.
    seconds++;
    return bench.api.requests.length < 6 ? { fail: 'overloaded' } : { text: 'Two.' };
  });
  const { execution, events } = await bench.run('two');
  expect(execution).toMatchObject({ status: 'succeeded', output: 'Two.' });
  expect(execution.steps[0]).toMatchObject({ status: 'done', attempt: 1 });
  expect(execution.steps[1]?.attempt).toBeGreaterThan(1);
  expect(seconds).toBeGreaterThan(1);
  const again = events.find(({ kind, data }) => kind === 'status' && 'errorCode' in data && data.errorCode);
  expect(again?.data).toMatchObject({
    status: 'queued',
    errorCode: 'E_MODEL_OVERLOADED',
    error: expect.stringMatching(/tried again in \d+ seconds/),
  });
  expect(events.filter(({ kind }) => kind === 'end')).toHaveLength(1);
});

it('as often as it is allowed, and then it fails', async () => {
  bench.api.setScript(() => ({ fail: 'overloaded' }));
  const { execution } = await bench.run('two', {}, { trigger: 'schedule' });
  expect(execution).toMatchObject({ status: 'failed', errorCode: 'E_MODEL_OVERLOADED' });
  expect(execution.steps[0]).toMatchObject({ status: 'failed', attempt: 2 });
  const row = await bench.db.prisma.execution.findUniqueOrThrow({ where: { id: execution.id } });
  expect(row.retries).toBe(1);
});

it('not after a call that may have had its effect, nor for what no time heals', async () => {
  bench.api.setScript(({ body }) =>
    toolResultsOf(body).length === 0
      ? { toolCalls: [{ name: 'mcp__hostile__sleep', input: { count: 1 } }] }
      : { fail: 'overloaded' },
  );
  const after = (await bench.run('risky')).execution;
  expect(after).toMatchObject({ status: 'failed', errorCode: 'E_MODEL_OVERLOADED', steps: [{ attempt: 1 }] });
  bench.api.setScript(() => ({ fail: 'unauthorized' }));
  const never = (await bench.run('two')).execution;
  expect(never).toMatchObject({ status: 'failed', errorCode: 'E_MODEL_AUTH' });
  expect(never.steps[0]).toMatchObject({ attempt: 1 });
});

it('one that waits to be tried again can be cancelled', async () => {
  bench.api.setScript(() => ({ fail: 'overloaded' }));
  const id = await bench.start('two');
  const waits = async () =>
    (await bench.db.prisma.execution.findUniqueOrThrow({ where: { id } })).retries === 1;
  while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 20));
  const { cancelExecution } = await import('../../src/executions/cancel-execution.ts');
  await cancelExecution(bench, id, 'owner');
  expect((await bench.ended(id)).execution.status).toBe('cancelled');
});
