import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { ExecutionEvent } from '../../contract/events.ts';
import { formatArguments, RunView, readSaid, renderToolCall } from './run.ts';
import { widthOf } from './text.ts';

const colors = pc.createColors(false);
const at = '2026-11-22T12:00:00.000Z';
const id = '0193a3f0-0000-7000-8000-000000000001';
const usage = {
  inputTokens: 1000,
  outputTokens: 200,
  cacheReadTokens: 4,
  cacheWriteTokens: 0,
  modelCalls: 2,
  costUsd: 0.0031,
};

const events: ExecutionEvent[] = [
  { seq: 1, at, step: null, kind: 'status', data: { status: 'running' } },
  { seq: 2, at, step: 1, kind: 'step', data: { id: 1, of: 2, status: 'running' } },
  {
    seq: 3,
    at,
    step: 1,
    kind: 'message',
    data: {
      type: 'assistant',
      message: {
        content: [
          { type: 'text', text: 'Let me look.' },
          { type: 'tool_use', name: 'x' },
        ],
      },
    },
  },
  {
    seq: 4,
    at,
    step: 1,
    kind: 'tool_call',
    data: { id, name: 'mcp__files__list_directory', status: 'intended', arguments: { path: '.' } },
  },
];
const done: ExecutionEvent = {
  seq: 5,
  at,
  step: 1,
  kind: 'tool_call',
  data: {
    id,
    name: 'mcp__files__list_directory',
    status: 'done',
    preview: '[DIR] bills\n[FILE] calendar.md',
    durationMs: 12,
  },
};

describe('a run as it happens', () => {
  it('prints each step, what is said, and each call once it ended', () => {
    const view = new RunView(colors, 60);
    expect(events.flatMap((event) => view.take(event))).toEqual(['step 1 of 2', '  “Let me look.”']);
    expect(view.live(3400)).toBe('3 s · step 1 of 2 · calling list_directory');
    expect(view.take(done)).toEqual([
      '  ✓ files · list_directory(path: ".")                  12 ms',
      '    [DIR] bills [FILE] calendar.md',
    ]);
    view.take({ seq: 6, at, step: 1, kind: 'usage', data: usage });
    expect(view.live(3400)).toBe('3 s · step 1 of 2 · asking the model · 1,204 tokens · $0.0031');
  });

  const stepEvent = (id: number, status: 'running' | 'done', output?: string): ExecutionEvent => ({
    seq: 1,
    at,
    step: id,
    kind: 'step',
    data: { id, of: 2, status, output },
  });

  it('shows the output of a step that others follow', () => {
    const view = new RunView(colors, 60);
    view.take(stepEvent(1, 'running'));
    expect(view.take(stepEvent(1, 'done', 'Three\nbills'))).toEqual(['  ↳ Three bills']);
    view.take(stepEvent(2, 'running'));
    expect(view.take(stepEvent(2, 'done', 'All'))).toEqual([]);
  });

  it('says what a retry carries over, and why a run waits', () => {
    const view = new RunView(colors, 60);
    expect(view.take(stepEvent(1, 'done', 'Three bills'))).toEqual([
      'step 1 of 2 done before, carried over',
      '  ↳ Three bills',
    ]);
    expect(view.take(stepEvent(2, 'running'))).toEqual(['step 2 of 2']);
    const error = 'The model is overloaded. It is tried again in 12 seconds.';
    expect(view.take({ seq: 3, at, step: null, kind: 'status', data: { status: 'queued', error } })).toEqual([
      `  ${error}`,
    ]);
  });

  it('marks a call that failed or was refused, with the reason', () => {
    const call = {
      id,
      name: 'mcp__memory__delete_entities',
      arguments: {},
      error: 'is not among the tools of this step',
    };
    expect(renderToolCall({ ...call, status: 'denied' }, colors, 60)).toEqual([
      '  ⊘ memory · delete_entities()',
      '    is not among the tools of this step',
    ]);
    expect(renderToolCall({ ...call, status: 'failed', durationMs: 1200 }, colors, 60)[0]).toMatch(
      /^ {2}✗ .* 1\.2 s$/,
    );
  });

  it('stays within the terminal, whatever a tool is given or answers', () => {
    const call = {
      id,
      name: 'mcp__files__read_multiple_files',
      status: 'done' as const,
      arguments: { paths: ['a'.repeat(300), '日'.repeat(80)] },
      preview: 'x'.repeat(500),
      durationMs: 65_000,
    };
    for (const columns of [40, 60, 100]) {
      for (const line of renderToolCall(call, colors, columns))
        expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('writes arguments as a call', () => {
    expect(formatArguments({ path: '.', depth: 2, list: [1, 2] }, 60)).toBe(
      '(path: ".", depth: 2, list: [1,2])',
    );
    expect(formatArguments(undefined, 60)).toBe('()');
  });

  it('says what the model said only where it went on to call a tool', () => {
    const view = new RunView(colors, 60);
    const say = (...content: Record<string, unknown>[]): ExecutionEvent => ({
      seq: 1,
      at,
      step: 1,
      kind: 'message' as const,
      data: { type: 'assistant', message: { content } },
    });
    expect(view.take(say({ type: 'text', text: 'Let me\nsee.' }))).toEqual([]);
    expect(view.take(say({ type: 'tool_use', name: 'x' }))).toEqual(['  “Let me see.”']);
    expect(view.take(say({ type: 'tool_use', name: 'y' }))).toEqual([]);
    expect(view.take(say({ type: 'text', text: 'The end.' }))).toEqual([]);
    const next: ExecutionEvent = {
      seq: 2,
      at,
      step: 2,
      kind: 'step',
      data: { id: 2, of: 2, status: 'running' },
    };
    expect(view.take(next)).toEqual(['step 2 of 2']);
    expect(view.take(say({ type: 'tool_use', name: 'z' }))).toEqual([]);
    expect(readSaid({ type: 'user', message: { content: 'x' } })).toBeUndefined();
  });
});
