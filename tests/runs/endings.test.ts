/**
 * However the model's answers end, the execution says what came of them: docs/endings.md, row by row. `npm test` tries one row
 * of each kind, `npm run test:exhaustive` the others.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Ending, endings } from '../helpers/endings.ts';
import { endingsScript, expectedOf, saidOf } from '../helpers/run-endings.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

// A busy machine shall never decide a test.
vi.setConfig({ maxConcurrency: 3 });

const oneOfEachKind = new Set([
  'two blocks',
  'a thought between',
  'white space, then words',
  'a thought alone, twice',
  'cut by length, gone on with',
  'cut by our own cap',
  'cut within the second block',
  'overloaded after a block, for ever',
  'cut within a call',
  'words on both sides of a call',
  'one id for two calls',
  'declined, then words',
  'paused with a call',
  'a limit of the account',
  'prose, then the form',
  'another form for ever',
]);

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(endingsScript(), { env: { ALFRED_SPARE_AGENTS: '2' } });
  await bench.addHostile();
});
afterAll(() => bench.close());

const { always = [], more = [] } = Object.groupBy(endings, ({ name }) =>
  oneOfEachKind.has(name) ? 'always' : 'more',
);
const endsAsDescribed = async (ending: Ending) => {
  expect(await saidOf(bench, ending)).toEqual(expectedOf(ending));
};
it.concurrent.each(always)('$name', endsAsDescribed);
it.concurrent.each(more)('$name', { tags: ['exhaustive'] }, endsAsDescribed);

it('are tried by the names that they have', () => {
  expect(always.map(({ name }) => name)).toEqual([...oneOfEachKind]);
});
