import { describe, expect, it } from 'vitest';
import { boundResult, depthWithin } from './bound-result.ts';
import { sizeOf } from './size-of.ts';

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = { inner: value };
  return value;
};

it('measures depth and size of anything, without recursion', () => {
  expect(depthWithin(nested(10), 10)).toBe(true);
  expect(depthWithin(nested(11), 10)).toBe(false);
  expect(depthWithin(nested(1_000_000), 256)).toBe(false);
  for (const value of [{ a: ['text', 1, null, { b: true }] }, ['x'.repeat(1_000)], 'plain']) {
    const exact = JSON.stringify(value).length;
    expect(Math.abs(sizeOf(value) - exact)).toBeLessThan(exact * 0.5 + 10);
  }
});

describe('boundResult', () => {
  const text = (value: string) => ({ type: 'text' as const, text: value });

  it('leaves a small result alone', () => {
    const result = { content: [text('hello')], structuredContent: { a: 1 }, isError: true };
    expect(boundResult(result, 1_000)).toBe(result);
  });

  it('cuts texts, leaves out what cannot be cut, and says so', () => {
    const image = { type: 'image' as const, mimeType: 'image/png', data: 'A'.repeat(50_000) };
    const bound = boundResult(
      {
        content: [text('first'), image, text('z'.repeat(50_000))],
        structuredContent: { rows: 'r'.repeat(50_000) },
      },
      10_000,
    );
    expect(bound.content[0]).toEqual(text('first'));
    expect(bound.content[1]).toEqual(
      text(expect.stringMatching(/^\[left out: image of about 500\d\d characters\]$/)),
    );
    expect(bound).not.toHaveProperty('structuredContent');
    expect(sizeOf(bound)).toBeLessThan(11_000);
  });

  it('does not cut a character in two', () => {
    const bound = boundResult({ content: [text('😀'.repeat(5_000))] }, 4_001);
    expect(JSON.stringify(bound)).not.toMatch(/\\ud83d(?!\\ude00)/i);
  });

  it('refuses what is nested too deeply', () => {
    expect(() => boundResult({ content: [], structuredContent: nested(1_000) }, 1_000_000)).toThrow(
      /nested too deeply/,
    );
  });
});
