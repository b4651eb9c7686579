/** What a test file imports decides in which project it runs. */
import { expect, it } from 'vitest';
import { projectOf, testFiles } from './helpers/projects.ts';

it.each([
  ['tests/import-graph.test.ts', 'unit'],
  ['tests/schema.test.ts', 'database'],
  ['src/connections/openapi/hostile-documents.test.ts', 'whole'],
  ['src/agents/text.test.ts', 'whole'],
  ['tests/e2e/fleet.test.ts', 'whole'],
  ['tests/audit-vm.test.ts', 'whole'],
])('%s runs in %s', (file, project) => {
  expect(projectOf(file)).toBe(project);
});

it('has a project for every test file', () => {
  const all = Object.values(testFiles()).flat();
  expect(all).toContain('tests/projects.test.ts');
  expect(new Set(all).size).toBe(all.length);
});
