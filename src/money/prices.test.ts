import { describe, expect, it } from 'vitest';
import { costOf, fullModelName, priceOf, readOwnPrices } from './prices.ts';

const price = (model: string) => {
  const found = priceOf(model);
  if (!found) throw new Error(`no price for ${model}`);
  return found;
};

describe('the price of a model', () => {
  it.each([
    ['claude-sonnet-5-5', 2, 10],
    ['claude-sonnet-4-5-20250929', 3, 15],
    ['claude-opus-4-5@20251101', 5, 25],
    ['claude-opus-5-5[1m]', 4, 20],
    ['claude-sonnet-4-0', 3, 15],
    ['claude-opus-4-20250514', 15, 75],
    ['claude-3-5-haiku-latest', 0.8, 4],
    ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 1, 5],
    ['anthropic/claude-opus-4.5', 5, 25],
    ['haiku', 0.1, 0.5],
  ])('%s', (model, input, output) => {
    expect(price(model)).toMatchObject({
      input,
      output,
      cacheWrite5m: input * 1.25,
      cacheWrite1h: input * 2,
    });
  });

  it.each([
    'claude-sonnet-6',
    'claude-sonnet-5-6',
    'claude-sonnet',
    'gpt-5',
    'my-claude-sonnet-5-5',
    '',
    'constructor',
  ])('is not known of %j, however much its name is like another', (model) => {
    expect(priceOf(model)).toBeUndefined();
  });

  it('is the owner’s own where there is one; the longest pattern holds', () => {
    const own = readOwnPrices(
      '{"qwen*": {"input": 1, "output": 2}, "qwen3-*": {"input": 3, "output": 4, "cacheRead": 0}, "claude-sonnet-5-5": {"input": 0, "output": 0}}',
    );
    expect(priceOf('qwen2', own)).toMatchObject({ input: 1, cacheRead: 1, cacheWrite1h: 1 });
    expect(priceOf('qwen3-coder', own)).toMatchObject({ input: 3, cacheRead: 0 });
    expect(priceOf('claude-sonnet-5-5', own)).toMatchObject({ input: 0 });
    expect(priceOf('claude-opus-5', own)).toMatchObject({ input: 5 });
  });

  it.each(['', '[]', '3', '{"a": 1}', '{"a": {"input": -1, "output": 1}}', '{"a": {"input": 1}}'])(
    'is refused as %j',
    (text) => {
      expect(() => readOwnPrices(text)).toThrow(expect.objectContaining({ code: 'E_VALIDATION' }));
    },
  );
});

describe('the cost of a call', () => {
  const tokens = { input: 1_000, output: 100, cacheRead: 10_000, cacheWrite5m: 200, cacheWrite1h: 300 };

  it('is the sum over the classes', () => {
    const cost = 1_000 * 4 + 100 * 20 + 10_000 * 0.2 + 200 * 5 + 300 * 8;
    expect(costOf(tokens, price('claude-opus-5-5'))).toBeCloseTo(cost / 1e6, 12);
  });

  it('is higher throughout where the prompt is long, cached parts counted', () => {
    const long = { ...tokens, cacheRead: 100_000 };
    const cost = 1_000 * 0.5 + 100 * 2.5 + 100_000 * 0.05 + 200 * 0.625 + 300 * 1;
    expect(costOf(long, price('claude-haiku-5-5'))).toBeCloseTo(cost / 1e6, 12);
    expect(costOf({ ...tokens, cacheRead: 98_500 }, price('claude-haiku-5-5'))).toBeCloseTo(
      (1_000 * 0.1 + 100 * 0.5 + 98_500 * 0.01 + 200 * 0.125 + 300 * 0.2) / 1e6,
      12,
    );
  });
});

describe('names of models', () => {
  it.each([
    ['sonnet', 'claude-sonnet-5-5'],
    [' opus ', 'claude-opus-5-5'],
    ['claude-sonnet-4-5[1m]', 'claude-sonnet-4-5'],
    ['qwen3:8b', 'qwen3:8b'],
  ])('%j is %s', (name, full) => {
    expect(fullModelName(name)).toBe(full);
  });
});
