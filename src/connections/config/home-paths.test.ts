/** A home that moves takes its connections along: what they name of it is kept relative to it. */
import { expect, it } from 'vitest';
import { rulesOf, secretsNamed } from './by-type.ts';
import { parseConfig } from './typed-config.ts';

const typed = parseConfig('mcp_stdio', {
  command: 'node',
  args: ['${ALFRED_HOME}/samples/house', '--token=${TOKEN}'],
  env: { FILE: { plain: '${ALFRED_HOME}/samples/memory.jsonl' } },
  secrets: { TOKEN: 'swordfish' },
  cwd: '${ALFRED_HOME}/samples',
  paths: ['${ALFRED_HOME}/samples'],
});
if (typed.type !== 'mcp_stdio') throw new TypeError('Another type');
const rules = rulesOf({ type: 'mcp_stdio' });

it.each(['/srv/alfred', '/home/ada/$& moved'])('opens with what is in %s', (home) => {
  expect(rules.opened(typed.config, () => 'swordfish', home)).toMatchObject({
    args: [`${home}/samples/house`, '--token=swordfish'],
    env: { FILE: `${home}/samples/memory.jsonl` },
    cwd: `${home}/samples`,
    paths: [`${home}/samples`],
  });
});

it('takes the home for no secret, and what the VM keeps there for none of a program’s', () => {
  expect(secretsNamed(typed)).toEqual(['TOKEN']);
  expect(rules.problems(typed.config, '/srv/alfred')).toEqual([]);
  expect(rules.warnings(typed.config)).toEqual([expect.stringContaining('can read TOKEN in')]);
  const keys = { ...typed.config, paths: ['${ALFRED_HOME}/keys'] };
  expect(rules.problems(keys, '/srv/alfred')).toMatchObject([{ field: '/config/paths/0' }]);
});
