import { expect, it } from 'vitest';
import type { CatalogEntry } from '../connections/tools/catalog.ts';
import type { PinnedTool } from '../contract/connections.ts';
import { assertTools, leftOut, toolsOf } from './step-tools.ts';

const tool = (name: string, more: Partial<PinnedTool> = {}): PinnedTool => ({
  name,
  inputSchema: { type: 'object' },
  hash: '0'.repeat(64),
  ...more,
});
const entry = (tools: PinnedTool[], more: Partial<CatalogEntry> = {}): CatalogEntry => ({
  isActive: true,
  approved: true,
  status: 'ready',
  tools,
  ...more,
});
const names = (allowed: string[], catalog: Record<string, CatalogEntry>) =>
  toolsOf(allowed, new Map(Object.entries(catalog))).map(({ name, tool: original }) => [name, original]);

it('gives what is named, and all of a connection for *, and nothing by default', () => {
  const catalog = { a: entry([tool('x'), tool('y')]), b: entry([tool('x')]) };
  expect(names([], catalog)).toEqual([]);
  expect(names(['mcp__a__y', 'mcp__c__x', 'mcp__a__z'], catalog)).toEqual([['mcp__a__y', 'y']]);
  expect(names(['mcp__a__*', 'mcp__a__x'], catalog)).toEqual([
    ['mcp__a__x', 'x'],
    ['mcp__a__y', 'y'],
  ]);
});

it('takes no prefix of a name for the name', () => {
  const catalog = { a: entry([tool('read'), tool('read_all')]), ab: entry([tool('read')]) };
  expect(names(['mcp__a__read'], catalog)).toEqual([['mcp__a__read', 'read']]);
  expect(names(['mcp__a__rea*'], catalog)).toEqual([]);
});

it('leaves out what is off, and what no person approved', () => {
  expect(
    names(['mcp__a__*', 'mcp__off__*', 'mcp__un__*'], {
      a: entry([
        tool('new', { off: 'new' }),
        tool('changed', { off: 'changed' }),
        tool('gone', { off: 'gone' }),
      ]),
      off: entry([tool('x')], { isActive: false }),
      un: entry([tool('x')], { approved: false }),
    }),
  ).toEqual([]);
});

it('maps names that the SDK would change, both ways and each to one tool', () => {
  const long = 'n'.repeat(200);
  const catalog = {
    a: entry([tool('a.b'), tool('a/b'), tool('a_b'), tool('größe'), tool(long), tool(`${long}2`)]),
  };
  const found = names(['mcp__a__*'], catalog);
  const shown = found.map(([name]) => name ?? '');
  expect(new Set(shown).size).toBe(6);
  expect(found).toContainEqual(['mcp__a__a_b', 'a_b']);
  for (const name of shown) expect(name).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
  expect(found.map(([, original]) => original)).toEqual(['a.b', 'a/b', 'a_b', 'größe', long, `${long}2`]);
});

it('refuses a step a name of which gives it nothing', () => {
  const catalog = new Map(
    Object.entries({
      a: entry([tool('x'), tool('y', { off: 'changed' })]),
      none: entry([]),
      gone: entry([tool('x', { off: 'gone' })]),
      off: entry([tool('x')], { isActive: false }),
      un: entry([tool('x')], { approved: false }),
    }),
  );
  const codeOf = (...allowed: string[]) => {
    try {
      assertTools(allowed, catalog);
      return undefined;
    } catch (error) {
      return (error as { code?: unknown }).code;
    }
  };
  expect(codeOf()).toBeUndefined();
  expect(codeOf('mcp__a__*', 'mcp__a__x')).toBeUndefined();
  expect(codeOf('mcp__a__x', 'mcp__a__y')).toBe('E_TOOL_CHANGED');
  expect(codeOf('mcp__a__x', 'mcp__a__z')).toBe('E_UNKNOWN_TOOL');
  expect(codeOf('mcp__none__*')).toBe('E_UNKNOWN_TOOL');
  expect(codeOf('mcp__gone__*')).toBe('E_UNKNOWN_TOOL');
  expect(codeOf('mcp__off__x')).toBe('E_CONNECTION_INACTIVE');
  expect(codeOf('mcp__un__x')).toBe('E_NOT_APPROVED');
  expect(codeOf('mcp__nobody__x')).toBe('E_NOT_FOUND');
});

it('names what the agent’s program left out', () => {
  expect(leftOut(['mcp__a__x', 'mcp__a__y'], ['mcp__a__y', 'StructuredOutput'])).toEqual(['mcp__a__x']);
  expect(leftOut(['mcp__a__x'], ['mcp__a__x'])).toEqual([]);
});
