/** What the log says of a run: every line that is about one names it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { putConfig } from '../../src/config/put-config.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Done.' }));
  await bench.addHostile();
});
afterAll(() => bench.close());

type Line = { level: number; msg: string; executionId?: string; skill?: string; step?: number };
const lines = () =>
  bench
    .logged()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

it('a run names itself and its step in every line of it, and no content', async () => {
  await bench.addSkill({
    slug: 'talk',
    steps: [{ prompt: 'Say PROMPT-CONTENT', allowedTools: ['mcp__hostile__echo'] }, 'Then more'],
  });
  bench.api.setScript(({ index }) =>
    index === 0
      ? { toolCalls: [{ name: 'mcp__hostile__echo', input: { text: 'ARGUMENT-CONTENT' } }] }
      : { text: 'ANSWER-CONTENT' },
  );
  const before = lines().length;
  const { execution } = await bench.run('talk');
  const said = lines().slice(before);
  const about = said.filter(({ executionId }) => executionId === execution.id);
  const messages = about.map(({ msg }) => msg);
  expect(messages).toContain('run started');
  expect(messages).toContain('run succeeded');
  expect(about.filter(({ msg }) => msg === 'a tool call').length).toBeGreaterThan(1);
  expect(about.filter(({ msg }) => msg === 'A model call ended')).toHaveLength(3);
  for (const line of about.filter(({ msg }) => /call/.test(msg)))
    expect(line.step, line.msg).toBeGreaterThan(0);
  // Nothing about a run, a tool call or a model call is without it.
  expect(said.filter(({ msg, executionId }) => /^run |call/i.test(msg) && executionId === undefined)).toEqual(
    [],
  );
  expect(JSON.stringify(said)).not.toMatch(/(PROMPT|ARGUMENT|ANSWER)-CONTENT/);
});

it('one that a cap stops says which', async () => {
  await putConfig({ db: bench.db, vault: bench.vault }, 'max_cost_per_day_usd', '0.000001');
  const { execution } = await bench.run('talk');
  expect(lines()).toContainEqual(
    expect.objectContaining({
      executionId: execution.id,
      skill: 'talk',
      code: 'E_COST_CAP_DAY',
      msg: 'run ended',
    }),
  );
});
