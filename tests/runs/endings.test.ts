/** However the model's answers end, the execution says what came of them: docs/endings.md, row by row. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { endings } from '../helpers/endings.ts';
import { endingsScript, expectedOf, saidOf } from '../helpers/run-endings.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

// A busy machine shall never decide a test.
vi.setConfig({ testTimeout: 300_000, maxConcurrency: 3 });

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(endingsScript(), { env: { ALFRED_SPARE_AGENTS: '2' } });
  await bench.addHostile();
});
afterAll(() => bench.close());

it.concurrent.each(endings)('$name', async (ending) => {
  expect(await saidOf(bench, ending)).toEqual(expectedOf(ending));
});
