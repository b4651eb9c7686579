import { describe, expect, it } from 'vitest';
import { matchingText } from './matching-text.ts';

describe('matchingText', () => {
  it.each([
    '^[a-z][a-z0-9-]{0,39}$',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '^(?:GET|POST)$',
    '^[A-Z]{2,3}-\\d+$',
    '^#[0-9a-fA-F]{6}$',
    '^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$',
    '^\\+?[1-9]\\d{1,14}$',
    '^(?<owner>[\\w.-]+)/(?<repo>[\\w.-]+)$',
    '^https?://',
    '^\\p{Lu}\\p{Ll}+$',
    '^[\\u0041-\\u005A]$',
    '^[\\]\\-]$',
    '^([0-9a-f]{2}:){5}[0-9a-f]{2}$',
    'a|b',
    '.+',
    '^$',
  ])('finds one for %s', (pattern) => {
    const text = matchingText(pattern);
    expect(text).toMatch(new RegExp(pattern, 'u'));
    expect(matchingText(pattern)).toBe(text);
  });

  it.each(['(?=a)b', '(a)\\1', '[', '(', `(${'a'.repeat(600)})`, 'a{99999999}'])(
    'says so for %s',
    (pattern) => {
      expect(matchingText(pattern)).toBeUndefined();
    },
  );
});
