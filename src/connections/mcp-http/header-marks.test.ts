import { expect, it } from 'vitest';
import { withCheckedMarks } from './header-marks.ts';

const marked = (properties: Record<string, unknown>, more: object = {}) =>
  withCheckedMarks({ name: 'one', inputSchema: { type: 'object', properties, ...more } }).unusable;
const text = { type: 'string' };
const region = { ...text, 'x-mcp-header': 'Region' };

it.each([
  { a: text },
  { a: region },
  { a: region, b: { type: 'integer', 'x-mcp-header': 'Count' } },
  { a: { type: 'object', properties: { b: region } } },
  { a: { ...text, const: { 'x-mcp-header': '' } } },
  { 'x-mcp-header': text },
])('takes %j', (properties) => expect(marked(properties)).toBeUndefined());

it.each([
  [{ a: { ...text, 'x-mcp-header': '' } }, 'cannot be one'],
  [{ a: { ...text, 'x-mcp-header': 'My Region' } }, 'cannot be one'],
  [{ a: { ...text, 'x-mcp-header': 'Régi' } }, 'cannot be one'],
  [{ a: { ...text, 'x-mcp-header': 'A\r\nB' } }, 'cannot be one'],
  [{ a: { ...text, 'x-mcp-header': 7 } }, 'cannot be one'],
  [{ a: { type: 'number', 'x-mcp-header': 'A' } }, 'something else'],
  [{ a: { type: 'object', 'x-mcp-header': 'A' } }, 'something else'],
  [{ a: { 'x-mcp-header': 'A' } }, 'something else'],
  [{ a: region, b: { ...region, 'x-mcp-header': 'REGION' } }, 'twice'],
  [{ a: { type: 'array', items: region } }, 'no argument of its own'],
  [{ a: { anyOf: [region] } }, 'no argument of its own'],
])('has no part in %j', (properties, why) => expect(marked(properties)).toContain(why));

it('has no part in a mark of the whole', () => {
  expect(marked({}, { 'x-mcp-header': 'A' })).toContain('no argument of its own');
});
