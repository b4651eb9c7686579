import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'core/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['tests/soak/**', 'node_modules/**'],
    globalSetup: ['tests/helpers/global-setup.ts'],
    // Real processes on a shared machine: generous limits, so that none of them ever decides a test.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One more than two cores have work for: tests wait for processes about as long as they work.
    maxWorkers: 3,
    pool: 'forks',
  },
});
