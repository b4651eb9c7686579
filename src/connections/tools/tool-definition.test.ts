/** Lists of tools as hostile and as careless servers send them. */
import { describe, expect, it } from 'vitest';
import { readToolList } from './tool-definition.ts';

const tool = (name: string, inputSchema: unknown = { type: 'object' }) => ({ name, inputSchema });
const nested = (depth: number): unknown => (depth === 0 ? {} : { properties: { a: nested(depth - 1) } });
const good = tool('good');

it.each([
  ['no list', { tools: 'all' }],
  ['more tools than anyone has', Array.from({ length: 2_001 }, (_, index) => tool(`t${index}`))],
])('refuses %s', (_what, answer) => {
  expect(() => readToolList(answer)).toThrow(expect.objectContaining({ code: 'E_NOT_MCP' }));
});

describe('one that no model can be given says why, and takes none away', () => {
  it.each<[string, unknown, RegExp]>([
    ['a schema that is text', tool('a', 'anything'), /inputSchema/],
    ['a schema that is a list', tool('a', []), /inputSchema/],
    ['a schema of a list', tool('a', { type: 'array' }), /no object but array/],
    ['no name', tool(''), /no name/],
    ['a name without end', tool('a'.repeat(201)), /longer than 200/],
    ['another tool of one name', { ...tool('good'), description: 'other' }, /same name/],
    ['a definition nested without end', tool('a', nested(200)), /too deeply/],
    ['a tool that is a task', { ...tool('a'), execution: { taskSupport: 'required' } }, /task/],
    ['text for a tool', 'a', /no object/],
  ])('%s', (_what, odd, why) => {
    const [first, second] = readToolList([good, odd]);
    expect(first).toEqual(good);
    expect(second?.unusable).toMatch(why);
  });
});

it.each([
  ['nothing where a schema stands', { name: 'a' }],
  ['null where a schema stands', tool('a', null)],
  ['an empty schema', tool('a', {})],
  ['a description that is no text', { ...tool('a'), description: { toString: 'x' } }],
  ['nulls', { ...tool('a'), title: null, description: null, annotations: null, outputSchema: null }],
  ['marks that are no yes or no', { ...tool('a'), annotations: { readOnlyHint: 'true' } }],
  ['itself twice', tool('good')],
])('takes a tool with %s', (_what, odd) => {
  const tools = readToolList([good, odd]);
  expect(tools.map(({ unusable }) => unusable)).toEqual(tools.map(() => undefined));
  for (const { inputSchema } of tools) expect(inputSchema).toEqual({ type: 'object' });
});

it('takes 2,000 tools, and drops what is not pinned', () => {
  const answer = Array.from({ length: 2_000 }, (_, index) => ({ ...tool(`t${index}`), secretly: 'more' }));
  const tools = readToolList(answer);
  expect(tools).toHaveLength(2_000);
  expect(tools[7]).toEqual(tool('t7'));
});
