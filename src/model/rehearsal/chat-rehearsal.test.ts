import { describe, expect, it } from 'vitest';
import { ChatRehearsal } from './chat-rehearsal.ts';
import type { RehearsalContext } from './context.ts';

const own = ['list_tools', 'propose_skill'].map((name) => ({ name: `mcp__alfred__${name}` }));
const look = { name: 'mcp__ledger__look', readOnly: true, inputSchema: { type: 'object' } };

/** What it says to a message, and then to the result of what it called. */
function talk(
  chat: NonNullable<RehearsalContext['chat']>,
  result = { content: 'A result', is_error: false },
) {
  const model = new ChatRehearsal({ tools: [look], input: {}, chat });
  const body = {
    model: 'rehearsal',
    max_tokens: 1,
    tools: own,
    messages: [{ role: 'user', content: chat.message }],
  };
  const { calls } = model.answer(body);
  const messages = [
    ...body.messages,
    { role: 'assistant', content: calls.map((call) => ({ type: 'tool_use', ...call })) },
    {
      role: 'user',
      content: calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, ...result })),
    },
  ];
  return { calls, text: model.answer({ ...body, messages }).text };
}

describe('taught by conversation', () => {
  it('looks at the tools, says what it is, and how to tell it', () => {
    const message = 'Teach a new skill: pay my bills';
    const { calls, text } = talk({ message, named: [], teaching: 'pay my bills' });
    expect(calls).toMatchObject([{ name: 'mcp__alfred__list_tools' }]);
    expect(text).toContain('a program, and no AI');
    expect(text).toContain('Tools: mcp__ledger__look');
    expect(text).toContain('These tools are there: `mcp__ledger__look`.');
  });

  it('proposes what it is told in its form, and says what came of it', () => {
    const message = 'Teach: Bills\nStep: Pay them';
    const { calls, text } = talk({ message, named: [] });
    expect(calls).toMatchObject([
      { name: 'mcp__alfred__propose_skill', input: { definition: { slug: 'bills', name: 'Bills' } } },
    ]);
    expect(text).toContain('word for word');
    const refused = talk(
      { message: `/teach-new-skill ${message}`, named: [], teaching: message },
      {
        content: 'no such tool',
        is_error: true,
      },
    );
    expect(refused.text).toMatch(/cannot be proposed like this: no such tool/);
  });

  it('says which line is missing', () => {
    const { calls, text } = talk({ message: 'Teach: Bills', named: [] });
    expect(calls).toMatchObject([{ name: 'mcp__alfred__list_tools' }]);
    expect(text).toContain('`Step:` is missing');
  });
});
