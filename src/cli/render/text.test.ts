import { describe, expect, it } from 'vitest';
import { clean, oneLine, pad, truncate, widthOf, wrap } from './text.ts';

describe('text from outside', () => {
  it('loses what would move the cursor, rewrite lines or fill the clipboard', () => {
    expect(clean('\u001b[2J\u001b[31mred\u001b[0m \u001b]52;c;aGk=\u0007done\rnow\u009b1A')).toBe(
      'red donenow',
    );
    expect(clean('evil\u202etxt.exe\u2066x')).toBe('eviltxt.exex');
  });

  it('keeps lines, tabs and letters of every language', () => {
    expect(clean('a\r\nb\tc é 日本')).toBe('a\nb\tc é 日本');
    expect(oneLine('  a\n\n b\tc ')).toBe('a b c');
  });
});

describe('width', () => {
  it.each([
    ['plain', 5],
    ['日本', 4],
    ['é', 1],
    ['👩‍👩‍👧', 2],
    ['\u001b[31mred\u001b[39m', 3],
    ['✓ · …', 5],
  ])('%j takes %i columns', (text, columns) => expect(widthOf(text)).toBe(columns));

  it('cuts with an ellipsis, never through a letter', () => {
    expect(truncate('maintenance.md', 8)).toBe('mainten…');
    expect(truncate('日本語です', 5)).toBe('日本…');
    expect(truncate('short', 5)).toBe('short');
    expect(truncate('short', 0)).toBe('');
  });

  it('pads by columns, not by characters', () => {
    expect(pad('日', 4)).toBe('日  ');
    expect(pad('1', 3, 'right')).toBe('  1');
  });
});

describe('wrap', () => {
  it('breaks at spaces and hangs the lines of a list', () => {
    expect(wrap('- one two three four five', 12)).toBe('- one two\n  three four\n  five');
  });

  it('cuts a word that is too long, and keeps empty lines', () => {
    expect(wrap('abcdefghijklmnop\n\nb', 10)).toBe('abcdefghij\nklmnop\n\nb');
  });

  it('puts an indent before each line but empty ones', () => {
    expect(wrap('one two three\n\nfour', 12, '  ')).toBe('  one two\n  three\n\n  four');
  });
});
