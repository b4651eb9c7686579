/** What the console says of a run in plain words: pure functions, without a browser. */
import { expect, it } from 'vitest';
import type { ItemView, RunView, ToolCallView, TurnView } from '../console/api/run-shapes.ts';
import { summaryOf } from '../console/api/run-summary.ts';
import { emptyRun, newStep } from '../console/api/run-view.ts';
import type { Execution } from '../src/contract/executions.ts';

const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, modelCalls: 2 };
const steps = (...statuses: string[]) => statuses.map((status, index) => ({ id: index + 1, status }));
const execution = (changes: object): Execution =>
  ({
    ...{
      mode: 'live',
      status: 'succeeded',
      durationMs: 8000,
      purgedAt: null,
      completedAt: '2026-11-23T09:00:08Z',
    },
    ...{ usage: { ...usage, costUsd: 0.04 }, toolCalls: [], steps: steps('done', 'done') },
    ...changes,
  }) as unknown as Execution;

const call = (id: string, changes: Partial<ToolCallView>): ToolCallView => ({
  ...{
    kind: 'tool_call',
    id,
    toolUseId: undefined,
    name: 'mcp__memory__write',
    status: 'done',
    isReadOnly: false,
  },
  ...{ arguments: {}, preview: undefined, answer: undefined, error: undefined, startedAt: 0, durationMs: 1 },
  ...changes,
});
const run = (items: ItemView[], changes: Partial<RunView> = {}): RunView => ({
  ...emptyRun,
  steps: [{ ...newStep(1), status: 'done', items }],
  ...changes,
});
const said = (...about: [Execution, RunView]): string => summaryOf(...about, 20_000).join(' ');

it('says what succeeded, for how much, and what it may have changed', () => {
  const calls = [
    call('1', {}),
    call('2', {}),
    call('3', { name: 'mcp__files__read', isReadOnly: true, status: 'failed' }),
  ];
  expect(said(execution({}), run(calls))).toBe(
    'It did both of its steps in 8.0 s, for $0.040. The model did not answer, and 3 tool calls were made. 2 calls may have changed something: memory write (2). 1 call failed, and it went on: files read.',
  );
});

it('counts no steps where there are none', () => {
  expect(said(execution({ steps: [] }), run([]))).toBe('It is done in 8.0 s, for $0.040.');
});

it('says that nothing was changed, and that a rehearsal cost nothing', () => {
  const reads = run([call('1', { isReadOnly: true })]);
  expect(said(execution({ mode: 'rehearsal', steps: steps('done') }), reads)).toBe(
    'It did what it was asked in 8.0 s. As a rehearsal it cost nothing: a built-in model answered, and 1 tool call was made. It changed nothing: what it called only reads.',
  );
});

it('says in which step it failed, and what is not known', () => {
  const failed = execution({
    ...{ status: 'failed', steps: steps('done', 'failed', 'pending') },
    // The row knows of an end that nothing told of.
    toolCalls: [{ id: '1', name: 'mcp__memory__write', status: 'unknown', readOnly: false }],
  });
  const text = said(failed, run([call('1', { status: 'dispatched' })]));
  expect(text).toMatch(
    /^It failed in step 2 of 3 after 8.0 s, having used \$0.040. The step before it was done./,
  );
  expect(text).toContain('It is not known whether 1 call came through: memory write.');
});

it('says where it is, and how long it has worked without its waits', () => {
  const going = execution({
    status: 'running',
    durationMs: null,
    completedAt: null,
    steps: steps('running', 'pending'),
  });
  const pauses = [{ why: 'queued' as const, from: 0, to: 15_000, error: undefined }];
  expect(said(going, run([], { status: 'running', from: 0, pauses }))).toBe(
    'It is at work in step 1 of 2, for 5.0 s so far.',
  );
  expect(said({ ...going, status: 'waiting_approval' }, run([]))).toContain(
    'It waits for you in step 1 of 2',
  );
});

it('tells of what was purged what the row still knows', () => {
  const toolCalls = [{ id: '1', name: 'mcp__memory__write', status: 'done', readOnly: false }];
  expect(said(execution({ purgedAt: '2026-11-23T10:00:00Z', toolCalls }), emptyRun)).toContain(
    'The model answered twice, and 1 tool call was made. 1 call may have changed something: memory write.',
  );
});

it('counts no answer where the agent’s program spoke in the place of the model', () => {
  const turn: TurnView = {
    ...{
      kind: 'turn',
      id: 'a',
      number: 1,
      messageId: undefined,
      model: '<synthetic>',
      parts: [],
      usage: undefined,
    },
    ...{ startedAt: 0, finishedAt: 1 },
  };
  const failed = execution({ status: 'failed', usage: { ...usage, costUsd: 0 }, steps: steps('failed') });
  expect(said(failed, run([turn]))).not.toContain('The model answered');
  expect(said(failed, run([{ ...turn, model: 'claude-sonnet-5-5' }]))).toContain('The model answered once');
});
