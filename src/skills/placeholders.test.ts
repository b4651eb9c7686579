import { describe, expect, it } from 'vitest';
import { findPlaceholders } from '../contract/placeholders.ts';
import { longestRendered, measurePlaceholders, renderPlaceholders } from './placeholders.ts';

describe('placeholders', () => {
  it('are found once each, in order', () => {
    expect(findPlaceholders('{{b}} {{ a.c }} {{b}} {{größe}} {{x-y}}')).toEqual(['b', 'a.c', 'größe', 'x-y']);
  });

  it('are only names between two braces', () => {
    const text = '{a} {{}} {{ }} {{"a": 1}} {{#if}} {{1a}} {{a b}} {{a.}} {{.a}} {{{ }}}';
    expect(findPlaceholders(text)).toEqual([]);
    expect(renderPlaceholders(text, { a: 1 })).toEqual({ text, missing: [] });
  });

  it('take text as it is and other values as JSON', () => {
    const input = {
      who: 'Ada "A"',
      n: 3,
      yes: false,
      none: null,
      list: [1, { t: 'x' }],
      o: { p: { q: 'deep' } },
    };
    const text = '{{who}}|{{n}}|{{yes}}|{{none}}|{{list}}|{{list.1.t}}|{{o.p}}|{{o.p.q}}';
    expect(renderPlaceholders(text, input).text).toBe(
      'Ada "A"|3|false|null|[1,{"t":"x"}]|x|{"q":"deep"}|deep',
    );
  });

  it('are never expanded from what they brought in', () => {
    const input = { a: '{{b}} $& $1', b: 'secret' };
    expect(renderPlaceholders('{{a}}', input)).toEqual({ text: '{{b}} $& $1', missing: [] });
  });

  it('name each missing value once and stay as written', () => {
    expect(renderPlaceholders('{{a}} {{ a.b }} {{c}} {{a}}', { c: 1 })).toEqual({
      text: '{{a}} {{ a.b }} 1 {{a}}',
      missing: ['a', 'a.b'],
    });
  });

  it('reach own properties only', () => {
    const { missing } = renderPlaceholders('{{constructor}} {{__proto__}} {{a.length}} {{toString.name}}', {
      a: 'text',
    });
    expect(missing).toEqual(['constructor', '__proto__', 'a.length', 'toString.name']);
  });

  it('know the whole input as {{input}}, unless it has an entry of that name', () => {
    expect(renderPlaceholders('{{input}} {{input.a}}', { a: 1 }).text).toBe('{"a":1} 1');
    expect(renderPlaceholders('{{input}} {{input.a}}', { input: { a: 2 } }).text).toBe('{"a":2} 2');
  });
});

describe('measuring', () => {
  it('finds what is missing, as rendering does', () => {
    expect(measurePlaceholders('{{a}} {{b.c}} {{b.c}}', { a: 1 })).toEqual({
      missing: ['b.c'],
      tooLong: undefined,
    });
  });

  it('names the placeholder that makes a text too long, without making the text', () => {
    const input = { body: 'x'.repeat(5_000_000), name: 'y' };
    expect(measurePlaceholders('{{name}} {{body}}', input).tooLong).toBeUndefined();
    expect(measurePlaceholders('{{body}}'.repeat(20_000) + '{{name}}'.repeat(20_000), input).tooLong).toBe(
      'body',
    );
    const exact = 'x'.repeat(longestRendered);
    expect(measurePlaceholders('{{a}}', { a: exact }).tooLong).toBeUndefined();
    expect(measurePlaceholders('{{a}}.', { a: exact }).tooLong).toBe('a');
  });
});
