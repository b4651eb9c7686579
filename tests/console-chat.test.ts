/** What the console makes of a conversation: pure functions, without a browser. */
import { describe, expect, it } from 'vitest';
import { branchOf, costOf, lastBehind, underWay, waitingIn } from '../console/chat/branches.ts';
import { addEvents, viewOf } from '../console/chat/conversation-view.ts';
import { markdownBlocks } from '../console/chat/markdown-blocks.ts';
import { noChoice, withUse } from '../console/chat/tool-choice.ts';
import { doingOf } from '../console/executions/doing.ts';
import { attachmentProblem } from '../src/contract/attachment-limits.ts';
import type { ChatEvent, Message, WholeConversation } from '../src/contract/chat.ts';
import type { Connection } from '../src/contract/connections.ts';

const message = (id: string, more: Partial<Message>): Message => ({
  ...{ id, conversationId: 'c', parentId: null, turn: 1, role: 'user', text: '', parts: [] },
  ...{ attachments: [], approvals: [], executionId: 'e', status: 'done', mode: 'live', model: null },
  ...{ error: null, errorCode: null, costUsd: null, durationMs: null, createdAt: '', purged: false },
  ...more,
});
const answer = (id: string, parentId: string, more: Partial<Message> = {}) =>
  message(id, { role: 'assistant', parentId, ...more });
const viewWith = (messages: Message[], headId: string | null) =>
  viewOf({ messages, headId, lastEventId: '0.0' } as WholeConversation);
const mapOf = (...messages: Message[]) => new Map(messages.map((one) => [one.id, one]));

describe('a conversation that goes on', () => {
  const before = viewWith([message('q', {}), answer('a', 'q', { status: 'running' })], 'a');

  it('says what its deltas say, with calls between', () => {
    const { messages, lastEventId } = addEvents(before, [
      { id: '1.1', event: 'delta', data: { messageId: 'a', text: 'I lo' } },
      { id: '1.2', event: 'delta', data: { messageId: 'a', text: 'ok.' } },
      {
        ...{ id: '1.3', event: 'tool_call' },
        data: {
          messageId: 'a',
          id: 't',
          name: 'mcp__files__list',
          status: 'dispatched',
          arguments: { a: 1 },
        },
      },
      {
        ...{ id: '1.4', event: 'tool_call' },
        data: { messageId: 'a', id: 't', name: 'mcp__files__list', status: 'done', durationMs: 5 },
      },
      { id: '1.5', event: 'delta', data: { messageId: 'a', text: 'Done.' } },
    ] satisfies ChatEvent[]);
    expect(lastEventId).toBe('1.5');
    expect(messages.get('a')).toMatchObject({
      text: 'I look.Done.',
      parts: [
        { type: 'text', text: 'I look.' },
        { type: 'tool_call', call: { status: 'done', arguments: { a: 1 }, durationMs: 5 } },
        { type: 'text', text: 'Done.' },
      ],
    });
    expect(messages.get('q')).toBe(before.messages.get('q'));
  });

  it('shows what is new, and what was before when it is taken back', () => {
    const asked = message('q2', { parentId: 'a', turn: 2, status: 'queued' });
    const waits = answer('a2', 'q2', { turn: 2, status: 'queued' });
    const told: ChatEvent[] = [
      { id: '1.1', event: 'message', data: asked },
      { id: '1.1', event: 'message', data: waits },
    ];
    const after = addEvents(before, told);
    expect(branchOf(after.messages, after.headId).map(({ id }) => id)).toEqual(['q', 'a', 'q2', 'a2']);
    expect(underWay(after.messages)?.id).toBe('a');
    expect([...waitingIn(after.messages)]).toEqual(['q2']);
    for (const order of [told, told.toReversed()]) {
      const taken = order.map(({ data }) => ({
        ...{ id: '1.2', event: 'message' as const },
        data: { ...(data as Message), takenBack: true },
      }));
      const back = addEvents(after, taken);
      expect(branchOf(back.messages, back.headId).map(({ id }) => id)).toEqual(['q', 'a']);
    }
    // Told again after a reconnect, it is the same message.
    expect(addEvents(after, told).headId).toBe('a2');
  });
});

it('finds the end of a branch that was gone on with last, and what all of them cost', () => {
  const messages = mapOf(
    message('q', {}),
    answer('a', 'q', { costUsd: 0.5 }),
    answer('b', 'q', { turn: 2, costUsd: 0.25 }),
    message('q3', { parentId: 'a', turn: 3 }),
    answer('c', 'q3', { turn: 3, mode: 'rehearsal' }),
  );
  expect(lastBehind(messages, 'a')).toBe('c');
  expect(lastBehind(messages, 'q')).toBe('b');
  expect(costOf(messages)).toBe(0.75);
  expect(costOf(mapOf(answer('a', 'q', { mode: 'rehearsal' })))).toBeUndefined();
  expect(costOf(mapOf(answer('a', 'q')))).toBeNull();
});

describe('Markdown in blocks', () => {
  it('keeps together what belongs together', () => {
    const parts = [
      'First.\nStill first.\n',
      '1. one\n\n   more of one\n\n2. two\n\nA line that may be of the list',
    ];
    expect(markdownBlocks(parts.join('\n'))).toEqual(parts);
    const code = '```js\nlet a;\n\nlet b;\n```\n';
    expect(markdownBlocks(`${code}\nEnd.`)).toEqual([code, 'End.']);
    expect(markdownBlocks('````\n```\n\nx\n````')).toEqual(['````\n```\n\nx\n````']);
  });

  it('never changes a block by what comes behind the next', () => {
    const text = 'A.\n\n- b\n- c\n\n```\nd\n\ne\n```\n\nF, and *more*.\n\n> g\n\nH.';
    const whole = markdownBlocks(text);
    expect(whole.join('\n')).toBe(text);
    for (let end = 1; end <= text.length; end++) {
      const some = markdownBlocks(text.slice(0, end));
      expect(some.slice(0, -1)).toEqual(whole.slice(0, some.length - 1));
    }
  });
});

it('says why files cannot be attached before they are sent', () => {
  expect(attachmentProblem([{ name: 'a.txt', size: 10 }])).toBeUndefined();
  expect(attachmentProblem([{ name: 'a.png', size: 11 * 2 ** 20 }])).toBe('a.png is larger than 10 MiB.');
  expect(attachmentProblem(Array.from({ length: 2 }, () => ({ name: 'a', size: 8 * 2 ** 20 })))).toMatch(
    /15 MiB/,
  );
  expect(attachmentProblem([{ name: 'a', size: 0 }])).toBe('a is empty.');
  expect(attachmentProblem(Array.from({ length: 11 }, () => ({ name: 'a', size: 1 })))).toMatch(/^11 files/);
});

it('makes of one tool that is used otherwise a list of all', () => {
  const tool = (name: string, readOnlyHint: boolean) => ({ name, annotations: { readOnlyHint } });
  const files = {
    ...{ name: 'files', isActive: true, approved: true },
    toolCatalog: [tool('read', true), tool('write', false), { ...tool('odd', false), off: 'changed' }],
  } as unknown as Connection;
  const write = files.toolCatalog[1];
  if (write === undefined) throw new Error('There is no such tool');
  const changed = { connection: 'files', tool: write };
  expect(withUse(noChoice, [files], { ...changed, use: 'free' })).toMatchObject({
    ...{ tools: ['mcp__files__read', 'mcp__files__write'], unasked: ['mcp__files__write'] },
  });
  const own = { ...noChoice, tools: ['mcp__files__*', 'mcp__gone__tool'] };
  expect(withUse(own, [files], { ...changed, use: 'off' })).toMatchObject({
    ...{ tools: ['mcp__gone__tool', 'mcp__files__read'], unasked: [] },
  });
});

it('says what a run does that an answer waits for', () => {
  const call = { kind: 'tool_call', name: 'mcp__files__read_file', status: 'dispatched' };
  const step = (id: number, status: string, items: unknown[] = []) => ({ id, status, items });
  const doing = (status: string, ...steps: unknown[]) =>
    doingOf({ status, steps } as unknown as Parameters<typeof doingOf>[0]);
  expect(doing('queued')).toBe('waits for its turn');
  expect(doing('running', step(1, 'done'), step(2, 'running', [call]))).toBe('step 2: calls read_file');
  expect(doing('running', step(1, 'running', [{ ...call, status: 'done' }]))).toBe(
    'step 1: the model thinks',
  );
  expect(doing('waiting_approval', step(1, 'waiting'))).toBe('waits for you');
});
