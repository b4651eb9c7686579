/** Retrying what has ended: from the start or behind the last step done, with the skill as it was or as it is. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { cancelExecution } from '../../src/executions/cancel-execution.ts';
import { retryExecution } from '../../src/executions/retry-execution.ts';
import { removeSkill } from '../../src/skills/remove-skill.ts';
import { updateSkill } from '../../src/skills/update-skill.ts';
import { userTextOf } from '../helpers/messages-api.ts';
import { createRunnerBench, gate, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
let broken = false;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
});
afterAll(() => bench.close());
beforeEach(() => {
  broken = true;
  bench.api.requests.length = 0;
  bench.api.setScript(({ body }) => {
    const text = userTextOf(body);
    if (text.includes('Second') && broken) return { fail: 'unauthorized' };
    return { text: text.includes('Second') ? 'Two.' : 'One.' };
  });
});

const retry = (id: string, from: 'start' | 'failed', version: 'original' | 'current' = 'original') =>
  retryExecution(bench, id, { from, version, actor: 'owner' });
const change = (slug: string, patch: Record<string, unknown>) =>
  updateSkill({ db: bench.db, vault: bench.vault }, slug, patch, { actor: 'owner', mayLoosen: true });
const prompts = () => bench.api.requests.map(({ body }) => userTextOf(body));

async function failed(slug: string): Promise<string> {
  await bench.addSkill({ slug, steps: ['First {{name}}', 'Second {{name}}', 'Third'] });
  const { execution } = await bench.run(slug, { name: 'Ada' });
  expect(execution).toMatchObject({
    status: 'failed',
    steps: [{ status: 'done' }, { status: 'failed' }, {}],
  });
  bench.api.requests.length = 0;
  broken = false;
  return execution.id;
}

it('goes on behind the last step done, and names what it retries', async () => {
  const old = await failed('from-failed');
  const before = await bench.db.prisma.execution.findUniqueOrThrow({ where: { id: old } });
  const { executionId } = await retry(old, 'failed');
  const { execution, events } = await bench.ended(executionId);
  expect(execution).toMatchObject({
    ...{ status: 'succeeded', retryOf: old, trigger: 'manual', input: { name: 'Ada' }, skillVersion: 1 },
    triggerDetail: { retry: { from: 'failed', version: 'original' } },
    steps: [
      { status: 'done', attempt: 0, output: 'One.', usage: null },
      { status: 'done', attempt: 1, output: 'Two.' },
      { status: 'done', attempt: 1 },
    ],
  });
  // The first step is not asked for again, and the second is told what it gave.
  expect(prompts()).toHaveLength(2);
  expect(prompts()[0]).toContain('Second Ada');
  expect(prompts()[0]).toContain('One.');
  expect(events[1]).toMatchObject({ kind: 'step', step: 1, data: { id: 1, status: 'done', output: 'One.' } });
  // Only what it did itself is counted.
  expect(execution.usage.modelCalls).toBe(2);
  expect(await bench.db.prisma.execution.findUniqueOrThrow({ where: { id: old } })).toEqual(before);
  await expect(retry(executionId, 'failed')).rejects.toMatchObject({ code: 'E_NOT_RETRYABLE' });
});

it('begins anew from the start', async () => {
  const old = await failed('from-start');
  const { execution } = await bench.ended((await retry(old, 'start')).executionId);
  expect(execution).toMatchObject({ status: 'succeeded', retryOf: old });
  expect(prompts()).toHaveLength(3);
});

it('runs the version that ran, or the one that the skill is now', async () => {
  const old = await failed('versions');
  await change('versions', {
    steps: [
      { id: 1, prompt: 'First {{name}}' },
      { id: 2, prompt: 'Second, mended, for {{name}}' },
    ],
  });
  const original = await bench.ended((await retry(old, 'failed')).executionId);
  expect(original.execution).toMatchObject({ skillVersion: 1, status: 'succeeded' });
  expect(original.execution.steps).toHaveLength(3);
  const current = await bench.ended((await retry(old, 'failed', 'current')).executionId);
  expect(current.execution).toMatchObject({ skillVersion: 2, status: 'succeeded', output: 'Two.' });
  expect(prompts().at(-1)).toContain('mended, for Ada');
});

it('refuses to carry the output of a step over to another one', async () => {
  const old = await failed('other-steps');
  await change('other-steps', {
    steps: [
      { id: 1, prompt: 'Another first' },
      { id: 2, prompt: 'Second' },
    ],
  });
  await expect(retry(old, 'failed', 'current')).rejects.toMatchObject({
    code: 'E_NOT_RETRYABLE',
    message: expect.stringContaining('Step 1'),
    remedy: expect.stringContaining('from the start'),
  });
  expect((await bench.ended((await retry(old, 'start', 'current')).executionId)).execution.status).toBe(
    'succeeded',
  );
});

it('refuses an input that the current version does not take', async () => {
  const old = await failed('other-input');
  await change('other-input', { steps: [{ id: 1, prompt: 'First {{city}}' }] });
  await expect(retry(old, 'start', 'current')).rejects.toMatchObject({
    code: 'E_VALIDATION',
    fields: [{ field: '/input/city', message: expect.any(String) }],
  });
});

it('refuses what has not ended, what is a draft, what is purged, and what was removed', async () => {
  const go = gate();
  bench.api.setScript(async () => {
    await go.passed;
    return { text: 'Late.' };
  });
  await bench.addSkill({ slug: 'slow', steps: ['Wait'] });
  const id = await bench.start('slow');
  await expect(retry(id, 'start')).rejects.toMatchObject({
    code: 'E_NOT_RETRYABLE',
    remedy: expect.stringContaining('cancel'),
  });
  go.open();
  await bench.ended(id);
  await change('slow', { isActive: false });
  await expect(retry(id, 'start')).rejects.toMatchObject({ code: 'E_SKILL_INACTIVE' });
  await change('slow', { isActive: true });
  await bench.db.pool.query(
    'UPDATE executions SET purged_at = now(), input = NULL, output = NULL, trace = NULL WHERE id = $1',
    [id],
  );
  await expect(retry(id, 'start')).rejects.toMatchObject({ message: expect.stringContaining('purged') });
  const other = (await bench.run('slow')).execution.id;
  await removeSkill({ db: bench.db }, 'slow');
  await expect(retry(other, 'start')).rejects.toMatchObject({
    code: 'E_NOT_RETRYABLE',
    message: expect.stringContaining('removed'),
  });
});

it('takes up what was cancelled behind its last step done', async () => {
  const second = gate();
  bench.api.setScript(({ body }) => {
    if (!userTextOf(body).includes('Second')) return { text: 'One.' };
    second.open();
    return { text: 'Long. '.repeat(100), eventDelayMs: 60_000 };
  });
  await bench.addSkill({ slug: 'stopped', steps: ['First', 'Second'] });
  const id = await bench.start('stopped');
  await second.passed;
  await cancelExecution(bench, id, 'owner');
  await bench.ended(id);
  bench.api.setScript(() => ({ text: 'Two.' }));
  const { execution } = await bench.ended((await retry(id, 'failed')).executionId);
  expect(execution).toMatchObject({
    status: 'succeeded',
    output: 'Two.',
    steps: [{ attempt: 0 }, { attempt: 1 }],
  });
});
