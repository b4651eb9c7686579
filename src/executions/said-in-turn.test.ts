import { describe, expect, it } from 'vitest';
import { saidInTurn, wholeAnswer } from './said-in-turn.ts';

type Event = Parameters<typeof saidInTurn>[0][number];
const delta = (text: string): Event => ({ kind: 'delta', data: { text } });
const message = (data: Record<string, unknown>): Event => ({ kind: 'message', data });
const said = (text: string) => message({ type: 'assistant', message: { content: [{ type: 'text', text }] } });
const called = message({
  type: 'assistant',
  message: { content: [{ type: 'tool_use', id: 'a', name: 'mcp__a__b', input: {} }] },
});
const whole = message({ ...wholeAnswer });

describe('an answer', () => {
  it.each<[string, Event[], boolean]>([
    ['is whole when the model said so last', [delta('Yes.'), said('Yes.'), whole], true],
    ['is not before that', [delta('Yes.'), said('Yes.')], false],
    ['is not once it goes on', [delta('Yes.'), said('Yes.'), whole, delta('And')], false],
    ['is not with a call behind it', [delta('Yes.'), said('Yes.'), whole, called], false],
    ['is not without a word', [whole], false],
  ])('%s', (_, events, isWhole) => expect(saidInTurn(events).isWhole).toBe(isWhole));
});
