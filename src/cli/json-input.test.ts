import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { patchBetween } from './commands/skill-edit.ts';
import type { Context } from './context.ts';
import { readRunInput } from './json-input.ts';

const context = {} as Context;

describe('a run’s input', () => {
  it('takes words as text, numbers, yes and no, or JSON', async () => {
    const pairs = [
      'folder=Documents/2026',
      'count=3',
      'on=true',
      'list=[1,2]',
      'day=2026-11-22',
      'eggs=3 eggs',
      'note=a=b',
      'none=',
    ];
    expect(await readRunInput(context, { pairs })).toEqual({
      folder: 'Documents/2026',
      count: 3,
      on: true,
      list: [1, 2],
      day: '2026-11-22',
      eggs: '3 eggs',
      note: 'a=b',
      none: '',
    });
  });

  it('lets words win over a file', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'alfred-input-'));
    const file = path.join(folder, 'input.json');
    await writeFile(file, '{"a": 1, "b": 2}');
    expect(await readRunInput(context, { inputFile: file, pairs: ['b=3'] })).toEqual({ a: 1, b: 3 });
    await rm(folder, { recursive: true });
  });
});

describe('what an edit changed', () => {
  it('is sent alone, and null for what was taken out', () => {
    const before = { slug: 'a', name: 'A', model: 'x', steps: [{ id: 1 }] };
    const after = { slug: 'a', name: 'B', steps: [{ id: 1 }], maxCostUsd: 1 };
    expect(patchBetween(before, after)).toEqual({ name: 'B', maxCostUsd: 1, model: null });
    expect(patchBetween(before, { ...before })).toEqual({});
  });
});
