/** Lists of tools as hostile servers send them. */
import { expect, it } from 'vitest';
import { readToolList } from './tool-definition.ts';

const tool = (name: string, inputSchema: unknown = { type: 'object' }) => ({ name, inputSchema });
const nested = (depth: number): unknown => (depth === 0 ? {} : { properties: { a: nested(depth - 1) } });

it.each([
  ['no list', { tools: 'all' }],
  ['a schema that is text', [tool('a', 'anything')]],
  ['a schema that is a list', [tool('a', [])]],
  ['no schema', [{ name: 'a' }]],
  ['no name', [tool('')]],
  ['a name without end', [tool('a'.repeat(201))]],
  ['one name twice', [tool('a'), tool('a', { type: 'object', title: 'other' })]],
  ['a description that is no text', [{ ...tool('a'), description: { toString: 'x' } }]],
  ['marks that are no yes or no', [{ ...tool('a'), annotations: { readOnlyHint: 'true' } }]],
  ['definitions nested without end', [tool('a', nested(200))]],
  ['more tools than anyone has', Array.from({ length: 2_001 }, (_, index) => tool(`t${index}`))],
])('refuses %s', (_what, answer) => {
  expect(() => readToolList(answer)).toThrow(expect.objectContaining({ code: 'E_NOT_MCP' }));
});

it('takes 2,000 tools, and drops what is not pinned', () => {
  const answer = Array.from({ length: 2_000 }, (_, index) => ({ ...tool(`t${index}`), secretly: 'more' }));
  const tools = readToolList(answer);
  expect(tools).toHaveLength(2_000);
  expect(tools[7]).toEqual(tool('t7'));
});
