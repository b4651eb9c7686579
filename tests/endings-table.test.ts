/** docs/endings.md says what the tests say: every test that it names is there, and none of the endings is missing. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { endings } from './helpers/endings.ts';
import { expectedOf } from './helpers/run-endings.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

type Row = { how: string; status: string; codes: string[]; file: string | undefined; tests: string[] };

/** What stands between backquotes. */
const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => name ?? []);

const rows = read('docs/endings.md')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (?:---|how it ends)/.test(line))
  .map((line): Row => {
    const [how = '', status = '', code = '', , , seenBy = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [first = '', ...rest] = quoted(seenBy);
    const isOfFile = first.endsWith('.test.ts');
    return {
      how,
      status,
      codes: quoted(code),
      file: isOfFile ? first : undefined,
      tests: isOfFile ? rest : [first, ...rest],
    };
  });
const ofEndings = rows.filter(({ file }) => file === undefined);

it('has every ending once', () => {
  const named = ofEndings.flatMap(({ tests }) => tests);
  expect(named.toSorted()).toEqual(endings.map(({ name }) => name).toSorted());
  expect(endings.length).toBeGreaterThanOrEqual(60);
});

it.each(ofEndings)('says of "$how" what its tests say', ({ status, codes, tests }) => {
  for (const ending of endings.filter(({ name }) => tests.includes(name))) {
    const expected = expectedOf(ending);
    expect(status).toBe(expected.status);
    expect(codes[0] ?? null).toBe(expected.code);
  }
});

it.each(rows.filter(({ file }) => file !== undefined))(
  'names tests of $file that are there',
  ({ file = '', tests }) => {
    const source = read(file);
    expect(tests.length).toBeGreaterThan(0);
    for (const name of tests) expect(source).toContain(`'${name}'`);
  },
);
