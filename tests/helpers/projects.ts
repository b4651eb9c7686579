/**
 * Which of the three test projects a test file belongs to. What it imports decides, so that no list of files has to be
 * kept and no test starts what it does not need.
 *
 * - `unit`: nothing that it imports, however far away, reaches a database, another process or another thread.
 * - `database`: a database of its own on the run's PostgreSQL (database.ts), everything else in the test's own process.
 * - `whole`: whole programs: a VM, a runner with its agents, a browser, a server of tools.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const projectNames = ['unit', 'database', 'whole'] as const;
export type ProjectName = (typeof projectNames)[number];

const root = path.resolve(import.meta.dirname, '../..');

const places = ['src/**/*.test.ts', 'core/**/*.test.ts', 'tests/**/*.test.ts'];
/** Minutes long, and started by hand (docs/operations.md). */
const apart = 'tests/soak/**';

/** Starts the agent's program. */
const agents = '@anthropic-ai/claude-agent-sdk';

/** What a unit test never reaches. */
const outside = new Set(['node:child_process', 'node:worker_threads', 'pg', agents]);

const databases = 'tests/helpers/database.ts';

/** What whole programs are started with, when the test or a helper of it imports it. */
const programs = new Set([
  'node:child_process',
  agents,
  'tests/helpers/browser.ts',
  'tests/helpers/runner-parts.ts',
  'tests/helpers/vm.ts',
]);

/** Value imports and re-exports; an import of types alone is gone when the program runs. */
const importPattern =
  /^\s*(?:import|export)\s(?!type\s)(?:[^'";]*?\sfrom\s)?\s*'([^']+)'|\bimport\('([^']+)'\)/gm;

const known = new Map<string, string[]>();

/** What a file imports: files of this repository by their path from its root, everything else by its name. */
function importsOf(file: string): string[] {
  const before = known.get(file);
  if (before) return before;
  const text = file.endsWith('.ts') ? readFileSync(path.join(root, file), 'utf8') : '';
  const found = [...text.matchAll(importPattern)]
    .map(([, named, dynamic]) => named ?? dynamic ?? '')
    .map((name) => (name.startsWith('.') ? path.join(path.dirname(file), name) : name));
  known.set(file, found);
  return found;
}

/** Everything that `file` imports, through the files that `mayFollow` lets through. */
function reached(file: string, mayFollow: (file: string) => boolean): Set<string> {
  const found = new Set<string>();
  const open = [file];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const name of importsOf(next)) {
      if (found.has(name)) continue;
      found.add(name);
      if (/\.tsx?$/.test(name) && mayFollow(name)) open.push(name);
    }
  }
  return found;
}

/** The project of one test file, named by its path from the repository's root. */
export function projectOf(file: string): ProjectName {
  const everything = reached(file, (name) => !name.startsWith('generated/'));
  if (outside.isDisjointFrom(everything)) return 'unit';
  const ofTests = reached(file, (name) => name.startsWith('tests/'));
  return ofTests.has(databases) && programs.isDisjointFrom(ofTests) ? 'database' : 'whole';
}

/** Every test file, by project. */
export function testFiles(): Record<ProjectName, string[]> {
  const files = globSync(places, { cwd: root, exclude: [apart] }).toSorted();
  const byProject = Object.groupBy(files, projectOf);
  const { unit = [], database = [], whole = [] } = byProject;
  return { unit, database, whole };
}
