import { describe, expect, it } from 'vitest';
import { clampAnswer, leastAnswer, parseRequest, promptSize } from './request.ts';

const text = (system: string, extra: Record<string, unknown> = {}) =>
  JSON.stringify({ model: 'm', system, messages: [], ...extra });

describe('the size of a prompt', () => {
  it('is judged from above by its bytes', () => {
    const { tokens, bytes } = promptSize(text('x'.repeat(10_000)));
    expect(bytes).toBeGreaterThan(10_000);
    expect(tokens).toBe(Math.ceil(bytes / 2));
  });

  it('is what the endpoint said, and for what was added by bytes', () => {
    const first = promptSize(text('x'.repeat(10_000)));
    const last = { ...first, tokens: 2_500 };
    const next = promptSize(text('x'.repeat(10_400)), last);
    expect(next.tokens).toBe(2_700);
    // One that became shorter is another prompt.
    expect(promptSize(text('x'.repeat(9_000)), last).tokens).toBeGreaterThan(4_500);
  });

  it('counts images by their number, not by their bytes', () => {
    const image = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(1_000_000) },
    };
    const of = (...content: unknown[]) => text('', { messages: [{ role: 'user', content }] });
    const one = promptSize(of(image));
    expect(one.images).toBe(1);
    expect(one.tokens).toBeLessThan(6_000);
    const two = promptSize(of(image, image), { ...one, tokens: 1_500 });
    expect(two.tokens).toBeLessThan(1_500 + 5_000 + 200);
  });

  it('knows what the cache will cost', () => {
    expect(promptSize(text('"cache_control" in words')).cache).toBe('none');
    expect(promptSize(text('', { cache_control: { type: 'ephemeral' } })).cache).toBe('5m');
    expect(promptSize(text('', { cache_control: { type: 'ephemeral', ttl: '1h' } })).cache).toBe('1h');
  });
});

describe('a shorter answer', () => {
  const body = (extra: Record<string, unknown>) =>
    parseRequest(text('', { max_tokens: 32_000, ...extra }), 'm');

  it('leaves thinking room to end', () => {
    const thinking = { type: 'enabled', budget_tokens: 31_999, display: 'updates' };
    expect(clampAnswer(body({ thinking }), 4_000)).toMatchObject({
      max_tokens: 4_000,
      thinking: { budget_tokens: 3_000, display: 'updates' },
    });
    expect(leastAnswer(body({ thinking }))).toBe(2_048);
    const small = { type: 'enabled', budget_tokens: 1_500 };
    expect(clampAnswer(body({ thinking: small }), 4_000)).toMatchObject({ thinking: small });
  });

  it('changes nothing else', () => {
    const adaptive = body({ thinking: { type: 'adaptive' }, stream: true });
    expect(clampAnswer(adaptive, 300)).toEqual({ ...adaptive, max_tokens: 300 });
    expect(leastAnswer(adaptive)).toBe(256);
  });
});

describe('what the program says in the role of the system', () => {
  const environment =
    "# Environment\nYou have been invoked in the following environment: \n - Primary working directory: /home/ada/.alfred/runs/x\n - OS Version: Linux 6.1\n\nYou are powered by the model named Sonnet 5.5.\n\nToday's date is 2026-11-28.";
  const mark = { cache_control: { type: 'ephemeral' } };
  const messagesOf = (...messages: unknown[]) =>
    parseRequest(JSON.stringify({ model: 'm', messages }), 'm').messages;
  const call = { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'look', input: {} }] };

  it('is left out where it is about the machine, and its mark for the cache stays where it stood', () => {
    const messages = messagesOf(
      { role: 'user', content: 'Do it' },
      { role: 'system', content: [{ type: 'text', text: environment, ...mark }], output_config: {} },
    );
    expect(messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Do it', ...mark }] }]);
  });

  it('goes behind the user’s words in all else, at the same place in every request', () => {
    const first = { role: 'user', content: 'Do it' };
    const said = { role: 'system', content: `Two calls are left.\n\n${environment}` };
    const folded = {
      role: 'user',
      content: [
        { type: 'text', text: 'Do it' },
        { type: 'text', text: '<system-reminder>\nTwo calls are left.\n</system-reminder>' },
      ],
    };
    expect(messagesOf(first, said)).toEqual([folded]);
    expect(messagesOf(first, said, call)).toEqual([folded, call]);
    expect(messagesOf(first, call, { role: 'system', content: [] }, said)).toEqual([
      first,
      call,
      { role: 'user', content: [folded.content[1]] },
    ]);
  });
});
