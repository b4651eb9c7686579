/** Everything that goes wrong ends in the right status and code, with a sentence that says what to do. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { putConfig } from '../../src/config/put-config.ts';
import type { Execution } from '../../src/contract/executions.ts';
import { closedPort, toolResultsOf, userTextOf } from '../helpers/messages-api.ts';
import type { FailureName } from '../helpers/messages-api-script.ts';
import { createRunnerBench, gate, modelKey, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  await putConfig(bench, 'model_timeout_ms', '1500');
  await bench.addHostile('hostile', { timeoutMs: 1500, env: { API_KEY: 'last-words-canary-77' } });
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.api.requests.length = 0;
});

const config = (key: string, value: string) => putConfig(bench, key, value);
let count = 0;
const skill = (more: Partial<Parameters<RunnerBench['addSkill']>[0]> & { steps: unknown[] }) => {
  count += 1;
  return bench.addSkill({ slug: `failing-${count}`, ...more } as Parameters<RunnerBench['addSkill']>[0]);
};

/** What holds of every run that did not go well. */
async function expectFailed(execution: Execution, errorCode: string) {
  expect(execution).toMatchObject({ status: 'failed', errorCode, output: null });
  // What happened, and what to do.
  expect(execution.error).toMatch(/^[A-Zh].+\. .+/s);
  expect(execution.completedAt).not.toBeNull();
  const row = await bench.db.prisma.execution.findUniqueOrThrow({ where: { id: execution.id } });
  expect(row.contentHash).toHaveLength(32);
}

describe('the model endpoint', () => {
  const cases: [FailureName, string][] = [
    ['unauthorized', 'E_MODEL_AUTH'],
    ['model-not-found', 'E_MODEL_NOT_FOUND'],
    ['billing', 'E_MODEL_BILLING'],
    ['overloaded', 'E_MODEL_OVERLOADED'],
    ['hang', 'E_MODEL_TIMEOUT'],
  ];
  const more: [FailureName, string][] = [
    ['forbidden', 'E_MODEL_AUTH'],
    ['bad-request', 'E_MODEL_REFUSED_REQUEST'],
    ['prompt-too-long', 'E_PROMPT_TOO_LONG'],
    ['rate-limited', 'E_MODEL_RATE_LIMITED'],
    ['server-error', 'E_MODEL_FAILED'],
    ['reset', 'E_MODEL_UNREACHABLE'],
  ];

  const endsAs = async (failure: FailureName, code: string) => {
    bench.api.setScript((request) => ({
      fail: (/fail with (\S+)/.exec(userTextOf(request.body))?.[1] ?? 'bad-request') as FailureName,
    }));
    const { slug } = await skill({ steps: [`fail with ${failure}`] });
    const { execution, events } = await bench.run(slug);
    await expectFailed(execution, code);
    expect(execution.steps).toMatchObject([{ id: 1, status: 'failed' }]);
    expect(events.at(-2)).toMatchObject({ kind: 'status', data: { status: 'failed', errorCode: code } });
    expect(events.at(-1)).toMatchObject({ kind: 'end', data: { status: 'failed' } });
  };
  it.concurrent.each(cases)('%s is %s', endsAs);
  it.concurrent.each(more)('%s is %s', { tags: ['exhaustive'] }, endsAs);

  it('that nobody listens at is unreachable, and later steps are skipped', async () => {
    const open = bench.api.url;
    await config('model_base_url', await closedPort());
    await config('anthropic_api_key', modelKey);
    try {
      const { slug } = await skill({ steps: ['Go', 'Go on'] });
      const { execution } = await bench.run(slug);
      await expectFailed(execution, 'E_MODEL_UNREACHABLE');
      expect(execution.steps).toMatchObject([{ status: 'failed' }, { status: 'skipped' }]);
    } finally {
      await config('model_base_url', open);
      await config('anthropic_api_key', modelKey);
    }
  });
});

describe('a tool', () => {
  const cases: [tool: string, input: Record<string, unknown>, code: string | RegExp][] = [
    ['fail', {}, 'it did not work'],
    ['hang', {}, 'E_TOOL_TIMEOUT'],
    ['flood', { count: 12 }, /E_(NOT_MCP|TOOL_FAILED|SERVER_EXITED|CONNECTION_FAILED)/],
    ['deep', { count: 5000 }, /E_(NOT_MCP|TOOL_FAILED|SERVER_EXITED|CONNECTION_FAILED)/],
    ['die', {}, 'E_SERVER_EXITED'],
  ];

  it.each(cases)(
    'that does %s is an error to the model and a failed row, and the run goes on',
    async (tool, input, said) => {
      bench.api.setScript((request) => {
        const [result] = toolResultsOf(request.body);
        return result
          ? { text: `It said, ${result.isError ? 'as an error' : 'well'}: ${result.text}` }
          : { toolCalls: [{ name: `mcp__hostile__${tool}`, input }] };
      });
      const { slug } = await skill({ steps: [{ prompt: 'Try', allowedTools: [`mcp__hostile__${tool}`] }] });
      const { execution } = await bench.run(slug);
      expect(execution.status).toBe('succeeded');
      expect(execution.output).toContain('as an error');
      expect(execution.output).toMatch(said);
      expect(execution.toolCalls).toMatchObject([{ name: `mcp__hostile__${tool}`, status: 'failed' }]);
      expect(execution.toolCalls[0]?.error).not.toBe('');
      expect(JSON.stringify(execution)).not.toContain('last-words-canary-77');
    },
  );

  it('that answers with more than the model can take is cut, and says so', async () => {
    bench.api.setScript((request) =>
      toolResultsOf(request.body).length > 0
        ? { text: 'Done.' }
        : { toolCalls: [{ name: 'mcp__hostile__big', input: { count: 900_000 } }] },
    );
    const { slug } = await skill({ steps: [{ prompt: 'Try', allowedTools: ['mcp__hostile__big'] }] });
    const { execution } = await bench.run(slug);
    expect(execution).toMatchObject({ status: 'succeeded', toolCalls: [{ status: 'done' }] });
    const [result] = toolResultsOf(bench.api.requests[1]?.body ?? { model: '', messages: [] });
    expect(result?.text.length).toBeGreaterThan(40_000);
    expect(result?.text.length).toBeLessThanOrEqual(60_000);
    expect(result?.text).toContain('[cut: 900000 characters in all]');
    expect(result?.isError).toBe(false);
  });
});

describe('limits', () => {
  it('a step that uses up its turns is E_MAX_TURNS', async () => {
    bench.api.setScript(() => ({ toolCalls: [{ name: 'mcp__hostile__echo', input: {} }] }));
    const { slug } = await skill({
      steps: [{ prompt: 'Go round', maxTurns: 2, allowedTools: ['mcp__hostile__echo'] }],
    });
    const { execution } = await bench.run(slug);
    await expectFailed(execution, 'E_MAX_TURNS');
    expect(bench.api.requests).toHaveLength(2);
    expect(execution.tokenCount).toBe(240);
  });

  it('a run over its time is E_RUN_TIMEOUT, and its model call is cut off', async () => {
    const never = gate();
    bench.api.setScript(async () => {
      await never.passed;
      return { text: 'Too late.' };
    });
    // On a busy machine the time may be over before the agent has started and asked anything: then it is given more.
    for (let timeoutMs = 1000; bench.api.requests.length === 0; timeoutMs *= 2) {
      const { slug } = await skill({ steps: ['Think long', 'Never come here'], timeoutMs });
      const { execution } = await bench.run(slug);
      await expectFailed(execution, 'E_RUN_TIMEOUT');
      expect(execution.steps).toMatchObject([{ status: 'failed' }, { status: 'skipped' }]);
    }
    expect(await bench.api.requests[0]?.closed).toBe('aborted');
    never.open();
  });

  it('a run that would go over its cost is E_COST_CAP before the call that would', async () => {
    // It costs $0.092; what is left pays for no other prompt.
    bench.api.setScript(() => ({
      toolCalls: [{ name: 'mcp__hostile__echo', input: {} }],
      usage: { input_tokens: 1000, output_tokens: 9000 },
    }));
    const { slug } = await skill({
      steps: [{ prompt: 'Spend', allowedTools: ['mcp__hostile__echo'] }],
      maxCostUsd: 0.0925,
    });
    const { execution } = await bench.run(slug);
    await expectFailed(execution, 'E_COST_CAP');
    expect(bench.api.requests).toHaveLength(1);
    expect(execution.costUsd).toBeCloseTo(0.092, 6);
  });

  it('a cap holds over all steps of a run, whose last answer is cut to what is left', async () => {
    bench.api.setScript(({ body }) => ({
      text: 'Done.',
      // No more than the prompt can be reckoned at: it is short.
      usage: { input_tokens: 200, output_tokens: Math.min(9000, body.max_tokens ?? 0) },
    }));
    const { slug } = await skill({ steps: ['Spend', 'Spend again', 'And again'], maxCostUsd: 0.15 });
    const { execution } = await bench.run(slug);
    await expectFailed(execution, 'E_COST_CAP');
    expect(execution.steps).toMatchObject([{ status: 'done' }, { status: 'done' }, { status: 'failed' }]);
    expect(execution.costUsd).toBeGreaterThan(0.0904);
    expect(execution.costUsd).toBeLessThanOrEqual(0.15);
  });

  it('a model without a price is refused under a cap, and unpriced without one', async () => {
    bench.api.setScript(() => ({ text: 'Done.' }));
    const capped = await skill({ steps: ['Go'], model: 'home-grown-7b', maxCostUsd: 1 });
    await expectFailed((await bench.run(capped.slug)).execution, 'E_MODEL_UNPRICED');
    const free = await skill({ steps: ['Go'], model: 'home-grown-7b' });
    const { execution } = await bench.run(free.slug);
    expect(execution).toMatchObject({
      status: 'succeeded',
      model: 'home-grown-7b',
      costUsd: null,
      tokenCount: 120,
    });
  });

  it('an answer that never fits the outputSchema is E_OUTPUT_SCHEMA', async () => {
    bench.api.setScript((request) =>
      request.body.tools?.some(({ name }) => name === 'StructuredOutput')
        ? { toolCalls: [{ name: 'StructuredOutput', input: { wrong: true } }] }
        : { text: 'No.' },
    );
    const { slug } = await skill({
      steps: [
        {
          prompt: 'Count',
          outputSchema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
        },
      ],
    });
    await expectFailed((await bench.run(slug)).execution, 'E_OUTPUT_SCHEMA');
  });
});
