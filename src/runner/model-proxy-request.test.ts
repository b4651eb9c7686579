import { describe, expect, it } from 'vitest';
import { clampAnswer, leastAnswer, parseRequest, promptSize } from './model-proxy-request.ts';

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
    parseRequest(Buffer.from(text('', { max_tokens: 32_000, ...extra })), 'm');

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
