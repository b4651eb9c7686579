import { describe, expect, it } from 'vitest';
import { transcriptOf } from './transcript.ts';
import { type Earlier, whatToSumUp } from './what-to-sum-up.ts';

/** `count` turns of a question and an answer, each of about as many tokens. */
const conversation = (count: number, tokens: number): Earlier[] =>
  Array.from({ length: count }, (_, turn) =>
    (['user', 'assistant'] as const).map(
      (role): Earlier => ({
        ...{ id: `${role}-${turn}`, turn, role },
        messages: [{ role, content: [{ type: 'text', text: 'x'.repeat(tokens * 3.5) }] }],
      }),
    ),
  ).flat();
const lastOf = (those: readonly Earlier[]) => those.at(-1)?.id;

describe('what is summed up', () => {
  it('is nothing while the conversation is short, or has no answer yet', () => {
    expect(whatToSumUp(conversation(10, 100), { tokens: 2000, limit: 2000 })).toEqual([]);
    expect(whatToSumUp([], { tokens: 9000, limit: 2000 })).toEqual([]);
    expect(whatToSumUp(conversation(1, 100).slice(0, 1), { tokens: 9000, limit: 2000 })).toEqual([]);
  });

  it('ends in an answer, and leaves as much as fits into a quarter of the limit', () => {
    // 200 a turn: two of them are within 500.
    expect(lastOf(whatToSumUp(conversation(10, 100), { tokens: 2100, limit: 2000 }))).toBe('assistant-7');
  });

  it('is the older half at least, when what is long is something else', () => {
    expect(lastOf(whatToSumUp(conversation(4, 1), { tokens: 2100, limit: 2000 }))).toBe('assistant-1');
  });

  it('is all of it, when the last answer alone is too long, or an endpoint has refused it', () => {
    expect(lastOf(whatToSumUp(conversation(4, 3000), { tokens: 24_000, limit: 2000 }))).toBe('assistant-3');
    expect(lastOf(whatToSumUp(conversation(4, 1), { tokens: 10, limit: 2000 }, true))).toBe('assistant-3');
  });
});

describe('a transcript', () => {
  it('says who said what, and how the results of tools begin', () => {
    const text = transcriptOf([
      { role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'Pay Anna' }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I pay.' },
          { type: 'tool_use', id: 'a', name: 'mcp__ledger__pay', input: { to: 'Anna' } },
        ],
      },
      {
        role: 'user',
        content: [
          {
            ...{ type: 'tool_result', tool_use_id: 'a', is_error: true },
            content: [{ type: 'text', text: 'no'.repeat(2000) }],
          },
        ],
      },
    ]);
    expect(text).toBe(
      [
        ...['## Owner\n[image, attached]', '## Owner\nPay Anna', '## Alfred\nI pay.'],
        '## Alfred called mcp__ledger__pay\n{"to":"Anna"}',
        `## It failed\n${'no'.repeat(1000)} […2000 more characters]`,
      ].join('\n\n'),
    );
  });
});
