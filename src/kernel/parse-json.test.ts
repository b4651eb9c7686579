import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

const parse = (text: string | Uint8Array) => parseJson(typeof text === 'string' ? Buffer.from(text) : text);

const codeOf = (text: string | Uint8Array): string | undefined => {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('parseJson', () => {
  it('reads what is JSON', () => {
    expect(parse('{"a":[1,"ü",null,true,1.5e3]}')).toEqual({ a: [1, 'ü', null, true, 1500] });
    expect(parse('"text"')).toBe('text');
    expect(parse('')).toBeUndefined();
  });

  it.each(['{', '{a:1}', "{'a':1}", '[1,]', 'NaN', '{"a":undefined}', '\u0000', '{"a":1}x', '// c\n1', ' '])(
    'refuses %j',
    (text) => expect(codeOf(text)).toBe('E_MALFORMED'),
  );

  it('refuses what is not UTF-8', () => {
    expect(codeOf(Buffer.from([0x22, 0xff, 0x22]))).toBe('E_MALFORMED');
    expect(codeOf(Buffer.from('"é"', 'latin1'))).toBe('E_MALFORMED');
    expect(codeOf(Buffer.from('{"a":1}', 'utf16le'))).toBe('E_MALFORMED');
  });

  it('refuses numbers that are none to JSON', () => expect(codeOf('{"a":1e400}')).toBe('E_MALFORMED'));

  it('refuses what is nested too deeply, however deep', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(codeOf(nested(64))).toBeUndefined();
    expect(codeOf(nested(65))).toBe('E_MALFORMED');
    expect(codeOf(nested(500_000))).toBe('E_MALFORMED');
    expect(codeOf(`${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`)).toBe('E_MALFORMED');
  });

  it('refuses too many values', () => {
    expect(codeOf(`[${'1,'.repeat(49_000)}1]`)).toBeUndefined();
    expect(codeOf(`[${'1,'.repeat(60_000)}1]`)).toBe('E_TOO_LARGE');
  });

  it('refuses keys that set a prototype', () => {
    expect(codeOf('{"__proto__":{"admin":true}}')).toBe('E_MALFORMED');
    expect(codeOf('{"a":[{"\\u005f_proto__":1}]}')).toBe('E_MALFORMED');
    expect(codeOf('{"constructor":{"prototype":{"admin":true}}}')).toBeUndefined();
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('never quotes the body', () => {
    try {
      parse('{"key": sk-ant-secret}');
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).not.toContain('sk-ant');
    }
  });
});
