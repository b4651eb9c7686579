import { describe, expect, it } from 'vitest';
import { type Column, renderFields, renderTable } from './table.ts';
import { widthOf } from './text.ts';

const columns: Column[] = [
  { header: 'NAME' },
  { header: 'TOOLS', align: 'right' },
  { header: 'USED', dropOrder: 1 },
  { header: 'RUNS', min: 8 },
];
const rows = [
  ['files', '14', 'yesterday 12:00', 'npx -y @modelcontextprotocol/server-filesystem /home/mara/Documents'],
  ['memory', '9', 'never', 'node memory.js'],
];

describe('tables', () => {
  it('cut nothing on a pipe', () => {
    expect(renderTable(columns, rows, undefined)).toBe(
      [
        'NAME    TOOLS  USED             RUNS',
        'files      14  yesterday 12:00  npx -y @modelcontextprotocol/server-filesystem /home/mara/Documents',
        'memory      9  never            node memory.js',
      ].join('\n'),
    );
  });

  it('cut the column that can give way', () => {
    expect(renderTable(columns, rows, 48)).toBe(
      [
        'NAME    TOOLS  USED             RUNS',
        'files      14  yesterday 12:00  npx -y @modelco…',
        'memory      9  never            node memory.js',
      ].join('\n'),
    );
  });

  it('drop a whole column when cutting is not enough', () => {
    const text = renderTable(columns, rows, 30);
    expect(text).not.toContain('USED');
    expect(text.split('\n').every((line) => widthOf(line) <= 30)).toBe(true);
  });

  it('colour a cell after it was measured, and clean what comes from outside', () => {
    const paint = (cell: string) => `\u001b[1m${cell}\u001b[22m`;
    const text = renderTable([{ header: 'A', paint }, { header: 'B' }], [['x\u001b[2J', 'y\nz']], 20);
    expect(text).toBe('A  B\n\u001b[1mx\u001b[22m  y z');
  });
});

describe('fields', () => {
  it('stand in one column, without those that are not there', () => {
    expect(
      renderFields([
        ['name', 'files'],
        ['error', undefined],
        ['env', 'A 1\nB 2'],
      ]),
    ).toBe('name  files\nenv   A 1\n      B 2');
  });
});
