import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naughtyStrings } from '../../tests/helpers/hostile-input.ts';
import { visibleJson, visibleJsonLine, visibleLines, visibleText, visibleWord } from './visible.ts';

/** Each kind by its code points, from the charts rather than by the property that the code asks for. */
const kinds: Record<string, [first: number, last: number][]> = {
  'C0 and C1': [
    [0x00, 0x1f],
    [0x7f, 0x9f],
  ],
  'marks that turn text around': [
    [0x061c, 0x061c],
    [0x200e, 0x200f],
    [0x202a, 0x202e],
    [0x2066, 0x2069],
  ],
  'nothing, joined or not': [
    [0x00ad, 0x00ad],
    [0x034f, 0x034f],
    [0x180e, 0x180e],
    [0x200b, 0x200d],
    [0x2060, 0x2065],
    [0x206a, 0x206f],
    [0xfeff, 0xfeff],
    [0xfff0, 0xfffb],
  ],
  'line and paragraph separators': [[0x2028, 0x2029]],
  'blanks that look like a space': [
    [0x00a0, 0x00a0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
  ],
  'fillers and empty pictures': [
    [0x115f, 0x1160],
    [0x17b4, 0x17b5],
    [0x2800, 0x2800],
    [0x3164, 0x3164],
    [0xffa0, 0xffa0],
    [0x1d173, 0x1d17a],
  ],
  'variation selectors': [
    [0xfe00, 0xfe0f],
    [0xe0100, 0xe01ef],
  ],
  tags: [[0xe0000, 0xe007f]],
  'private use': [
    [0xe000, 0xe0ff],
    [0xf0000, 0xf00ff],
    [0x10ff00, 0x10fffd],
  ],
  'half a pair': [[0xd800, 0xdfff]],
  'no characters': [
    [0xfdd0, 0xfdef],
    [0xfffe, 0xffff],
  ],
};
const inSomeKind = (code: number) =>
  Object.values(kinds).some((ranges) => ranges.some(([first, last]) => first <= code && code <= last));
const hidden = (shown: string) =>
  [...shown].filter((character) => character !== '\n' && inSomeKind(character.codePointAt(0) ?? 0));

describe('a call that waits', () => {
  it.each(Object.entries(kinds))('shows %s as escapes', (_kind, ranges) => {
    for (const [first, last] of ranges) {
      for (let code = first; code <= last; code++) {
        const text = `pay 10${String.fromCodePoint(code)}0 EUR`;
        const shown = visibleJson({ note: text });
        expect(hidden(shown), code.toString(16)).toEqual([]);
        expect(JSON.parse(shown)).toEqual({ note: text });
        expect(shown).not.toBe(visibleJson({ note: 'pay 100 EUR' }));
      }
    }
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    fc.constantFrom(...naughtyStrings),
  );
  const anyValue = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      anyText,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(anyText, tie('value')),
    ),
  })).value;

  it('reads back as what is sent, whatever it is, and hides nothing', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        for (const shown of [visibleJson(value), visibleJsonLine(value)]) {
          expect(hidden(shown)).toEqual([]);
          // Byte for byte what the tool is sent.
          expect(JSON.stringify(JSON.parse(shown))).toBe(JSON.stringify(value));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves what can be seen as it is', () => {
    expect(visibleJson({ to: 'Zoë  Two', 会: '田中さん', mood: '🙂', price: '5 €' })).toBe(
      '{\n  "to": "Zoë  Two",\n  "会": "田中さん",\n  "mood": "🙂",\n  "price": "5 €"\n}',
    );
    expect(visibleText('हिन्दी é नमस्ते')).toBe('हिन्दी é नमस्ते');
  });

  it('does not let a mark change the quote before it', () => {
    expect(visibleJsonLine('\u0301\u0323a')).toBe(String.raw`"\u0301\u0323a"`);
    expect(visibleJsonLine('a\u0301')).toBe('"a\u0301"');
  });
});

describe('names, words and texts', () => {
  it('are told apart as well', () => {
    expect(visibleText('mcp__bank__pay\u202e"\n')).toBe(String.raw`mcp__bank__pay\u202e\"\n`);
    expect(visibleLines('one\n\ttwo\u200b \\u200b')).toBe('one\n\ttwo\\u200b \\\\u200b');
    expect(visibleWord('--flag=1')).toBe('--flag=1');
    expect(visibleWord("it's  two\nlines\u00a0")).toBe(String.raw`'it'\''s  two\u000alines\u00a0'`);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(hidden(visibleText(text))).toEqual([]);
        expect(hidden(visibleWord(text))).toEqual([]);
        expect(hidden(visibleLines(text).replaceAll('\t', ''))).toEqual([]);
        expect(JSON.parse(`"${visibleText(text)}"`)).toBe(text);
      }),
    );
  });
});
