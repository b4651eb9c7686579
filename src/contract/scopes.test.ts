import { describe, expect, it } from 'vitest';
import { lackedScopes, leastScopes } from './scopes.ts';

describe('the least that operations need', () => {
  it.each<[string, (string[][] | undefined)[], string[]]>([
    ['nothing of an operation for everybody', [undefined, [[]]], []],
    ['what each needs, once', [[['a']], [['a', 'b']], [['b']]], ['a', 'b']],
    [
      'what is asked for anyway, where it is enough',
      [[['drive'], ['drive.readonly']], [['drive']]],
      ['drive'],
    ],
    [
      'what only reads, before what also writes',
      [[['all'], ['files.readonly'], ['files.metadata']]],
      ['files.readonly'],
    ],
    ['the shortest list', [[['a', 'b'], ['c']]], ['c']],
  ])('is %s', (_what, needs, least) => {
    expect(leastScopes(needs)).toEqual(least);
  });
});

it('lacks the fewest of what one list or another wants, and nothing where nobody says what was granted', () => {
  expect(lackedScopes([['a', 'b'], ['c']], 'a x')).toEqual(['b']);
  expect(lackedScopes([['a'], ['c']], 'c')).toEqual([]);
  expect(lackedScopes([['a']], null)).toEqual([]);
  expect(lackedScopes([['a']], ' ')).toEqual([]);
  expect(lackedScopes(undefined, 'a')).toEqual([]);
});
