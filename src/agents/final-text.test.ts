import { describe, expect, it } from 'vitest';
import { isProgramWords, type SaidMessage, withoutProgramWords } from '../model/program-words.ts';
import { FinalText } from './final-text.ts';

type Content = Record<string, unknown>[];
const assistant = (...content: Content) => ({
  type: 'assistant',
  message: { id: 'msg_1', model: 'claude-sonnet-5-5', content },
});
const synthetic = (text: string) => ({
  type: 'assistant',
  message: { id: 'x', model: '<synthetic>', content: [{ type: 'text', text }] },
});
const program = (words: string) => ({
  type: 'user',
  isSynthetic: true,
  message: { role: 'user', content: [{ type: 'text', text: words }] },
});
const toolResult = {
  type: 'user',
  message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'text of a tool' }] },
};
const text = (words: string) => ({ type: 'text', text: words });
const thinking = { type: 'thinking', thinking: 'hm' };
const call = { type: 'tool_use', id: 'a', name: 'mcp__a__b', input: {} };

const goOn = program('Output token limit hit. Resume directly — no apology, no recap.');
const declined = program('Your response above was stopped by a safety classifier — this is not an error.');

const cases: [string, SaidMessage[], string][] = [
  ['nothing', [], ''],
  ['one block', [assistant(text('One.'))], 'One.'],
  ['two blocks', [assistant(text('One. ')), assistant(text('Two.'))], 'One. Two.'],
  [
    'a thought between',
    [assistant(text('One.')), assistant(thinking), assistant(text('Two.'))],
    'One.\n\nTwo.',
  ],
  ['a thought before and after', [assistant(thinking), assistant(text('One.')), assistant(thinking)], 'One.'],
  [
    'an answer that goes on',
    [assistant(text('One, ')), goOn, assistant(thinking), assistant(text('two.'))],
    'One, two.',
  ],
  ['the program’s own words', [assistant(text('One.')), synthetic('No response requested.')], 'One.'],
  [
    'after a tool',
    [assistant(text('Look.')), assistant(call), toolResult, assistant(text('Done.'))],
    'Done.',
  ],
  ['nothing after a tool', [assistant(text('Look.')), assistant(call), toolResult], 'Look.'],
  ['white space after a tool', [assistant(text('Look.')), toolResult, assistant(text(' \n'))], 'Look.'],
  [
    'nothing after two tools',
    [assistant(text('Look.')), toolResult, assistant(call), toolResult, synthetic('x')],
    'Look.',
  ],
  ['a withheld answer', [assistant(text('I sta')), declined, assistant(text('Fine.'))], 'Fine.'],
  [
    'a withheld end',
    [assistant(text('One, ')), goOn, assistant(text('bad')), declined, assistant(text('two.'))],
    'One, two.',
  ],
  ['white space alone', [assistant(text(' \n'))], ''],
];

describe('the final text', () => {
  it.each(cases)('of %s', (_name, messages, output) => {
    const final = new FinalText();
    for (const message of messages) final.hear(message);
    expect(final.output).toBe(output);
  });
});

describe('the program’s words', () => {
  it('are told from the model’s and from what tools return', () => {
    expect([goOn, synthetic('x')].map(isProgramWords)).toEqual([true, true]);
    expect([assistant(text('x')), toolResult].map(isProgramWords)).toEqual([false, false]);
  });
});

describe('a request without the program’s words', () => {
  const user = (...content: unknown[]) => ({ role: 'user', content });
  const result = { type: 'tool_result', tool_use_id: 'a', content: 'Paid' };
  const nothing = { role: 'assistant', content: [text('No response requested.')] };

  it('has what stood before and after them as one message', () => {
    const asked = { role: 'assistant', content: [call] };
    expect(
      withoutProgramWords([user(text('Pay')), asked, user(result), nothing, { role: 'user', content: 'On' }]),
    ).toEqual([user(text('Pay')), asked, user(result, text('On'))]);
  });

  it('has every other word', () => {
    const messages = [
      user(text('No response requested.')),
      { role: 'assistant', content: [text('No response requested.'), call] },
      user(result),
      user(text('On')),
      { role: 'assistant', content: 'None.' },
    ];
    expect(withoutProgramWords(messages)).toEqual(messages);
  });
});
