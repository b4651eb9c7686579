/** What the console makes of the events of a run: pure functions, without a browser. */
import { describe, expect, it } from 'vitest';
import { tickOf, workedBy } from '../console/api/run-pauses.ts';
import type { RunView } from '../console/api/run-shapes.ts';
import { usageOfStep } from '../console/api/run-turns.ts';
import { addEvent, emptyRun, isUntold } from '../console/api/run-view.ts';
import type { ExecutionEvent } from '../src/contract/events.ts';

const begin = Date.parse('2026-11-23T09:00:00Z');
type Told = [atMs: number, kind: ExecutionEvent['kind'], data: Record<string, unknown>, step?: number | null];

const event = ([at, kind, data, step = 1]: Told, index: number): ExecutionEvent =>
  ({ seq: index + 1, at: new Date(begin + at).toISOString(), step, kind, data }) as unknown as ExecutionEvent;
const runOf = (told: Told[]): RunView => told.map(event).reduce(addEvent, emptyRun);

const usage = (
  modelCalls: number,
  inputTokens: number,
  outputTokens: number,
  costUsd: number | null = 0,
) => ({
  ...{ modelCalls, inputTokens, outputTokens, costUsd },
  ...{ cacheReadTokens: 0, cacheWriteTokens: 0 },
});
const said = (id: string, ...content: object[]) => ({
  type: 'assistant',
  message: { id, model: 'claude-sonnet-5-5', content },
});
const answered = (id: string, content: unknown) => ({
  type: 'user',
  message: { content: [{ type: 'tool_result', tool_use_id: id, content }] },
});
const call = { id: 'c1', name: 'mcp__files__list' };

/** As the VM tells it: two turns, a tool between them, which is called while the first turn is still streamed. */
const told: Told[] = [
  [0, 'status', { status: 'queued' }, null],
  [1000, 'status', { status: 'running' }, null],
  [1000, 'step', { id: 1, of: 2, status: 'running' }],
  [1100, 'message', { type: 'user', message: { content: 'List the bills' } }],
  [1300, 'usage', usage(0, 100, 1, 0.01)],
  [1500, 'message', said('m1', { type: 'thinking', thinking: 'Where?' })],
  [1600, 'message', said('m1', { type: 'text', text: 'I look.' })],
  [1700, 'message', said('m1', { type: 'tool_use', id: 't1', name: call.name })],
  [1750, 'tool_call', { ...call, status: 'intended', toolUseId: 't1', readOnly: true, arguments: { a: 1 } }],
  [1760, 'tool_call', { ...call, status: 'dispatched' }],
  [1800, 'tool_call', { ...call, status: 'done', preview: 'water', durationMs: 40 }],
  [1810, 'message', answered('t1', 'water.pdf')],
  [1850, 'usage', usage(1, 100, 20, 0.02)],
  [2000, 'usage', usage(1, 250, 21, 0.03)],
  [2400, 'message', said('m2', { type: 'text', text: 'One bill.' })],
  [2500, 'usage', usage(2, 250, 50, 0.05)],
  [2600, 'usage', usage(2, 250, 50, 0.05)],
  [2600, 'step', { id: 1, of: 2, status: 'done', output: 'One bill.' }],
];

describe('a run', () => {
  it('is steps, turns and calls, each with its time, and a turn with what it alone used', () => {
    const [step] = runOf(told).steps;
    expect(step).toMatchObject({ asked: 'List the bills', output: 'One bill.', status: 'done' });
    expect(step?.items).toMatchObject([
      {
        ...{ kind: 'turn', number: 1, messageId: 'm1', startedAt: begin + 1100, finishedAt: begin + 1850 },
        parts: [{ text: 'Where?' }, { text: 'I look.' }, { kind: 'calls', name: call.name }],
        usage: { inputTokens: 100, outputTokens: 20, costUsd: 0.02 },
      },
      {
        ...{ kind: 'tool_call', startedAt: begin + 1750, durationMs: 40, status: 'done', isReadOnly: true },
        ...{ arguments: { a: 1 }, preview: 'water', answer: 'water.pdf' },
      },
      {
        // It began when the first was over, and not when the tool had answered.
        ...{ kind: 'turn', number: 2, messageId: 'm2', startedAt: begin + 1850, finishedAt: begin + 2500 },
        usage: { inputTokens: 150, outputTokens: 30, modelCalls: 1 },
      },
    ]);
    expect(step?.items).toHaveLength(3);
    expect(step && usageOfStep(step)).toMatchObject({ inputTokens: 250, outputTokens: 50, modelCalls: 2 });
  });

  it('is the same when events come twice, and at every moment what came so far', () => {
    const twice = told
      .map(event)
      .flatMap((one) => [one, one])
      .reduce(addEvent, emptyRun);
    expect(twice).toEqual(runOf(told));
    const early = runOf(told.slice(0, 5)).steps[0]?.items;
    expect(early).toMatchObject([{ kind: 'turn', messageId: undefined, parts: [], finishedAt: undefined }]);
  });

  it('counts each step by itself, though its totals are those of the run', () => {
    const run = runOf([
      ...told,
      [2700, 'step', { id: 2, of: 2, status: 'running' }, 2],
      [2900, 'usage', usage(3, 350, 60, null), 2],
      [2900, 'message', said('m3', { type: 'text', text: 'Done.' }), 2],
    ]);
    const [turn] = run.steps[1]?.items ?? [];
    expect(turn).toMatchObject({
      messageId: 'm3',
      number: 1,
      usage: { inputTokens: 100, outputTokens: 10, costUsd: null },
    });
  });

  it('keeps what was done before a step was begun again, and says why it was', () => {
    const run = runOf([
      ...told.slice(0, 9),
      [1800, 'step', { id: 1, of: 2, status: 'pending' }],
      [1800, 'status', { status: 'waiting_approval' }],
      [61_000, 'status', { status: 'queued' }, null],
      [61_800, 'status', { status: 'running' }, null],
      [61_800, 'step', { id: 1, of: 2, status: 'running' }],
    ]);
    expect(run.steps[0]?.items.map(({ kind }) => kind)).toEqual(['turn', 'tool_call', 'again']);
    const pause = { why: 'waiting_approval', from: begin + 1800, to: begin + 61_800 };
    expect(run.steps[0]?.items[2]).toMatchObject({ pause });
    // Neither the queue nor the wait is work.
    expect(workedBy(run.pauses, begin, begin + 61_900)).toBe(900);
    expect(workedBy(run.pauses, begin, begin + 30_000)).toBe(800);
  });
});

it.each([
  [1, 1],
  [900, 500],
  [8000, 2000],
  [75_000, 30_000],
  [7_200_000, 1_800_000],
])('a line of time over %i ms has a mark every %i ms', (span, tick) => {
  expect(tickOf(span, 4)).toBe(tick);
});

describe('a run that is over without a step', () => {
  it('is on record where it was ended before it began, and is not where nothing came', () => {
    const ended = runOf([
      [0, 'status', { status: 'queued' }, null],
      [900, 'status', { status: 'cancelled' }, null],
      [900, 'end', { status: 'cancelled' }, null],
    ]);
    expect(ended).toMatchObject({ isOver: true, steps: [] });
    expect(isUntold(ended)).toBe(false);
    expect(isUntold({ ...emptyRun, isOver: true })).toBe(true);
    expect(isUntold(emptyRun)).toBe(false);
  });
});
