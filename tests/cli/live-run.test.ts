/** The main job from the terminal with a model at work: a scripted endpoint that speaks the real Messages API. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Execution } from '../../src/contract/executions.ts';
import { runInProcess } from '../helpers/cli-io.ts';
import { type MessagesApi, startMessagesApi, toolResultsOf } from '../helpers/messages-api.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

const key = 'sk-ant-canary-0123456789abcdef';

let model: MessagesApi;
let vm: TestVm;
beforeAll(async () => {
  model = await startMessagesApi(({ body }) => {
    const [result] = toolResultsOf(body);
    if (result)
      return {
        text: `It says: ${result.text.slice(0, 40)}`,
        usage: { input_tokens: 2000, output_tokens: 300 },
      };
    return {
      text: 'Let me see what there is.',
      toolCalls: [{ name: 'mcp__files__list_directory', input: { path: 'bills' } }],
      usage: { input_tokens: 1000, output_tokens: 100 },
    };
  });
  vm = await startTestVm({ env: { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: model.url } });
});
afterAll(async () => {
  await vm.stop();
  await model.close();
});

const alfred = (...argv: string[]) => runInProcess(vm.home, argv);

it('takes the key from the environment of the first start into the vault', async () => {
  expect(vm.model).toMatchObject({ isRehearsal: false, name: expect.stringMatching(/^claude-/) });
  const got = await alfred('config', 'get', 'anthropic_api_key');
  expect(got.stdout).toMatch(/^\(sealed, fingerprint [0-9a-f]{8}\)\n$/);
});

it('shows what the model says and does, then its answer, what it cost, and the id', async () => {
  const steps = [
    '--slug',
    'bills',
    '--prompt',
    'Which bills are there?',
    '--tool',
    'mcp__files__list_directory',
  ];
  const created = await alfred('skill', 'create', ...steps);
  const said = /step 1: 1 tool, ([\d,]+) tokens in every request, as the endpoint counts them/.exec(
    created.stderr,
  );
  expect(model.others.map(({ url }) => url)).toEqual(
    Array.from({ length: 2 }, () => '/v1/messages/count_tokens'),
  );
  const run = await alfred('skill', 'run', 'bills');
  expect(run.code).toBe(0);
  // What the tools are in the request that was sent then, counted as the endpoint counts.
  const [{ body } = { body: { tools: [] } }] = model.requests;
  const sent = JSON.stringify(body.tools).length / 4;
  expect(Number(said?.[1]?.replaceAll(',', '')) / sent).toBeGreaterThan(0.9);
  expect(Number(said?.[1]?.replaceAll(',', '')) / sent).toBeLessThan(1.1);
  // It is known from then on, and nobody is asked again.
  const shown = await alfred('skill', 'show', 'bills');
  expect(shown.stdout).toContain(`${said?.[1]} tokens in every request, as the endpoint counts them`);
  expect(model.others).toHaveLength(2);
  expect(run.stderr).toMatch(/^bills version 1 · claude-/m);
  expect(run.stderr).toContain('“Let me see what there is.”');
  expect(run.stderr).toMatch(/^ {2}✓ files · list_directory\(path: "bills"\) +\d+ ms$/m);
  expect(run.stderr).toContain('[FILE] 2026-09.csv');
  expect(run.stdout).toMatch(/^It says: .*2026-09\.csv/);
  expect(run.stdout).toMatch(/^succeeded · .* · 3,400 tokens · \$0\.01$/m);
  expect(run.stdout + run.stderr).not.toContain(key);
});

it('rehearses with --rehearse and asks no model', async () => {
  const before = model.requests.length;
  const run = await alfred('skill', 'run', 'bills', '--rehearse', '--input', '{"path":"."}', '--json');
  expect(run.json() as Execution).toMatchObject({ status: 'succeeded', mode: 'rehearsal', costUsd: 0 });
  expect(model.requests.length).toBe(before);
});

it('says what a wrong key means, and what to do', async () => {
  model.setScript(() => ({ fail: 'unauthorized' }));
  const run = await alfred('skill', 'run', 'bills');
  expect(run.code).toBe(1);
  expect(run.stdout).toContain('E_MODEL_AUTH');
  expect(run.stdout).toMatch(/^failed · /m);
});
