/** `onFailureSkill`: a failed run starts it once, with what failed; its own failure starts nothing. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { retryExecution } from '../../src/executions/retry-execution.ts';
import { removeSkill } from '../../src/skills/remove-skill.ts';
import { userTextOf } from '../helpers/messages-api.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  await bench.addSkill({
    slug: 'mourner',
    steps: ['Tell that {{failed.skillSlug}} failed with {{failed.errorCode}} in step {{failed.step}}'],
    concurrency: 5,
  });
  await bench.addSkill({
    ...{ slug: 'fails', steps: ['First', 'Break {{what}}'], concurrency: 5 },
    onFailureSkill: 'mourner',
  });
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.api.requests.length = 0;
  bench.api.setScript(({ body }) =>
    userTextOf(body).includes('Break') ? { fail: 'unauthorized' } : { text: 'Done.' },
  );
});

const startedBy = (id: string) =>
  bench.db.prisma.execution.findMany({ where: { triggerDetail: { path: ['failureOf'], equals: id } } });

it('is given what failed, and is on record as what it is', async () => {
  const { execution } = await bench.run(
    'fails',
    { what: 'this' },
    { trigger: 'schedule', actor: 'schedule' },
  );
  const [handler] = await startedBy(execution.id);
  const shown = await bench.ended(handler?.id ?? '');
  expect(shown.execution).toMatchObject({
    ...{ skillSlug: 'mourner', status: 'succeeded', trigger: 'schedule', actor: 'failure of fails' },
    triggerDetail: { failureOf: execution.id },
    input: {
      failed: {
        ...{ id: execution.id, skillSlug: 'fails', skillVersion: 1, mode: 'live', trigger: 'schedule' },
        ...{ actor: 'schedule', errorCode: 'E_MODEL_AUTH', error: execution.error, step: 2 },
        ...{ completedAt: execution.completedAt, input: { what: 'this' } },
      },
    },
  });
  const prompts = bench.api.requests.map(({ body }) => userTextOf(body));
  expect(prompts.at(-1)).toContain('Tell that fails failed with E_MODEL_AUTH in step 2');
});

it('starts nothing when it fails itself, nor when that run is retried', async () => {
  await bench.addSkill({ slug: 'mourner-of-mourner', steps: ['Sigh {{failed.id}}'] });
  await bench.addSkill({
    ...{ slug: 'breaks-too', steps: ['Break too {{failed.id}}'], onFailureSkill: 'mourner-of-mourner' },
  });
  await bench.addSkill({ slug: 'chain', steps: ['Break'], onFailureSkill: 'breaks-too' });
  const { execution } = await bench.run('chain');
  const [handler] = await startedBy(execution.id);
  expect((await bench.ended(handler?.id ?? '')).execution.status).toBe('failed');
  const retry = await retryExecution(bench, handler?.id ?? '', {
    ...{ from: 'start', version: 'original', actor: 'owner' },
  });
  expect((await bench.ended(retry.executionId)).execution.status).toBe('failed');
  expect(await bench.db.prisma.execution.count({ where: { skillSlug: 'mourner-of-mourner' } })).toBe(0);
  // By hand it is a skill like any other.
  const byHand = await bench.run('breaks-too', { failed: { id: 'x' } });
  expect(await startedBy(byHand.execution.id)).toHaveLength(1);
});

it('follows neither success nor a cancellation', async () => {
  bench.api.setScript(() => ({ text: 'Done.' }));
  const { execution } = await bench.run('fails', { what: 'nothing' });
  expect(execution.status).toBe('succeeded');
  expect(await startedBy(execution.id)).toEqual([]);
});

it('that cannot be started is named in the failure, which is recorded all the same', async () => {
  await bench.addSkill({ slug: 'gone', steps: ['Tell'] });
  await bench.addSkill({ slug: 'alone', steps: ['Break'], onFailureSkill: 'gone' });
  await removeSkill({ db: bench.db }, 'gone');
  const { execution } = await bench.run('alone');
  expect(execution).toMatchObject({ status: 'failed', errorCode: 'E_MODEL_AUTH' });
  expect(execution.error).toMatch(/The failure skill "gone" was not started: There is no skill "gone"\.$/);
});

it('is checked at save: it must be there, and another one', async () => {
  const refused = { code: 'E_VALIDATION', fields: [{ field: '/onFailureSkill' }] };
  await expect(bench.addSkill({ slug: 'a', steps: ['Go'], onFailureSkill: 'nobody' })).rejects.toMatchObject(
    refused,
  );
  await expect(bench.addSkill({ slug: 'a', steps: ['Go'], onFailureSkill: 'a' })).rejects.toMatchObject(
    refused,
  );
});
