/** What a test file imports decides in which project it runs. */
import { expect, it } from 'vitest';
import { projectOf, testFiles } from './helpers/projects.ts';

it.each([
  ['tests/import-graph.test.ts', 'unit'],
  ['tests/schema.test.ts', 'database'],
  ['tests/e2e/fleet.test.ts', 'whole'],
  ['tests/audit-vm.test.ts', 'whole'],
])('%s runs in %s', (file, project) => {
  expect(projectOf(file)).toBe(project);
});

it('has a project for every test file', () => {
  const { unit, database, whole } = testFiles();
  const all = [...unit, ...database, ...whole];
  expect(all).toContain('tests/projects.test.ts');
  expect(new Set(all).size).toBe(all.length);
});
