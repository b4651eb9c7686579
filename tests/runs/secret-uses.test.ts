/** Which run used which secret, towards where; and what a run leaves in the audit chain. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAppender } from '../../src/audit/appender.ts';
import { verifyAudit } from '../../src/audit/verify/verify-audit.ts';
import { putConfig } from '../../src/config/put-config.ts';
import { cancelExecution } from '../../src/executions/cancel-execution.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { listSecretUses } from '../../src/secrets/list-secret-uses.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { toolResultsOf } from '../helpers/messages-api.ts';
import { createRunnerBench, gate, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  await bench.addEverything('everything', {
    API_KEY: 'a-secret-of-some-length',
    MODE: { plain: 'production' },
  });
  const allowedTools = ['mcp__everything__echo'];
  await bench.addSkill({ slug: 'echo', steps: [{ prompt: 'Say it', allowedTools }, { prompt: 'Sum up' }] });
  await bench.addSkill({
    slug: 'every-morning',
    triggerType: 'schedule',
    triggerConfig: { cron: '0 7 * * *', timezone: 'UTC' },
    steps: [{ prompt: 'Say it', allowedTools }],
  });
  await bench.addSkill({ slug: 'hooked', triggerType: 'webhook', triggerConfig: {}, steps: ['Sum up'] });
});
afterAll(() => bench.close());

const usesOf = async (query: { secret?: string; execution?: string }) =>
  (await listSecretUses(bench, { limit: 50, ...query })).items;

const callTwice = (request: { body: Parameters<typeof toolResultsOf>[0]; index: number }) =>
  toolResultsOf(request.body).length === 0 && request.index < 2
    ? {
        toolCalls: ['a', 'b'].map((message) => ({ name: 'mcp__everything__echo', input: { message } })),
      }
    : { text: 'Said.' };

it('a run’s uses of a connection’s secret and of the model’s key are on record, by step, and counted', async () => {
  bench.api.requests.length = 0;
  bench.api.setScript(callTwice);
  const { execution } = await bench.run('echo');
  expect(execution.status).toBe('succeeded');
  // A use is written while its call goes on: of the last one perhaps after the answer.
  const ofModel = async () => (await usesOf({ execution: execution.id }))[0]?.uses;
  await until(async () => (await ofModel()) === bench.api.requests.length);
  const used = await usesOf({ execution: execution.id });
  expect(used.map(({ secret }) => secret)).toEqual(['anthropic_api_key', 'everything.API_KEY']);
  const [model, connection] = used;
  expect(model?.recent.map(({ stepId }) => stepId).toSorted()).toEqual([1, 2]);
  expect(model?.uses).toBe(bench.api.requests.length);
  expect(model?.destinations).toEqual([new URL(bench.api.url).host]);
  expect(connection).toMatchObject({ uses: 2, recent: [{ executionId: execution.id, stepId: 1, uses: 2 }] });
  expect(JSON.stringify(used)).not.toContain('a-secret-of-some-length');
});

it('says what breaks if a secret is changed', async () => {
  const [connection] = await usesOf({ secret: 'everything.API_KEY' });
  expect(connection?.breaks).toMatchObject({
    connections: ['everything'],
    skills: [
      { slug: 'echo', isActive: true },
      { slug: 'every-morning', isActive: true },
    ],
    schedules: [{ slug: 'every-morning', nextRunAt: expect.stringMatching(/T07:00:00.000Z$/) }],
    hooks: [],
  });
  const [model] = await usesOf({ secret: 'anthropic_api_key' });
  expect(model?.breaks.hooks).toEqual([{ slug: 'hooked', path: '/hooks/hooked' }]);
  const [hook] = await usesOf({ secret: 'hooked.trigger_secret' });
  expect(hook).toMatchObject({ uses: 0, lastUsedAt: null, breaks: { skills: [{ slug: 'hooked' }] } });
  await putConfig(bench, 'garage_password', 'open sesame and more');
  const [own] = await usesOf({ secret: 'garage_password' });
  expect(own?.breaks).toMatchObject({
    connections: [],
    skills: [],
    note: expect.stringContaining('nothing'),
  });
  await expect(usesOf({ secret: 'no-such' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
});

it('real runs, one that failed and one that was cancelled among them, stand in a sound chain', async () => {
  bench.api.setScript(() => ({ fail: 'model-not-found' }));
  const failed = await bench.run('echo');
  expect(failed.execution.status).toBe('failed');
  const asked = gate();
  const never = gate();
  bench.api.setScript(async () => {
    asked.open();
    await never.passed;
    return { text: 'Too late.' };
  });
  const id = await bench.start('echo');
  await asked.passed;
  await cancelExecution(bench, id, 'owner');
  expect((await bench.ended(id)).execution.status).toBe('cancelled');
  never.open();

  const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
  const { db, vault, home } = bench;
  await createAppender({ db, vault, log, home }).flush();
  const result = await verifyAudit({ db, vault, home });
  expect(result).toMatchObject({ ok: true, findings: [], executions: 3 });
});
