import path from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { type ProjectName, testFiles } from './tests/helpers/projects.ts';
import { WholeFirst } from './tests/helpers/whole-first.ts';

const files = testFiles();

const project = (
  name: ProjectName,
  options: TestProjectInlineConfiguration['test'] = {},
): TestProjectInlineConfiguration => ({ extends: true, test: { name, include: files[name], ...options } });

export default defineConfig({
  test: {
    projects: [
      project('unit'),
      project('database', { globalSetup: 'tests/helpers/global-setup.ts' }),
      project('whole', { globalSetup: 'tests/helpers/global-setup.ts' }),
    ],
    // Real processes on a shared machine: generous limits, so that none of them ever decides a test.
    testTimeout: 360_000,
    hookTimeout: 360_000,
    expect: { poll: { timeout: 120_000 } },
    // One more than two cores have work for: tests wait for processes about as long as they work.
    maxWorkers: 3,
    pool: 'forks',
    // The files of a project share workers, which load once what all of them import: a second of every file's time, and more
    // until the code is warm. Each file has a home, a database and ports of its own.
    isolate: false,
    // Packages are compiled once, not by every worker and every program of a test.
    env: { NODE_COMPILE_CACHE: path.resolve('generated/compiled') },
    sequence: { sequencer: WholeFirst },
    tags: [
      {
        name: 'exhaustive',
        description:
          'What `npm test` has an example of, in many more cases: every seed, every moment of a kill',
      },
    ],
  },
});
