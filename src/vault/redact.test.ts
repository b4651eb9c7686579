import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretForms } from './redact/secret-forms.ts';
import { Redactor } from './redact.ts';

const secret = 's3cr3t-välue/+"x"';
const withSecret = (value = secret, label = 'github.API_KEY') => {
  const redactor = new Redactor();
  redactor.register(label, value);
  return redactor;
};

describe('the forms of a secret', () => {
  const encoded: [string, string][] = [
    ['plain', secret],
    ['trimmed', secret],
    ['JSON', JSON.stringify(secret)],
    ['JSON within JSON', JSON.stringify(JSON.stringify({ key: secret }))],
    ['ASCII JSON', `"${JSON.stringify(secret).slice(1, -1).replace('ä', '\\u00e4')}"`],
    ['URI', encodeURIComponent(secret)],
    ['URI in lower case', encodeURIComponent(secret).replace(/%../g, (octet) => octet.toLowerCase())],
    ['form', new URLSearchParams({ q: secret }).toString()],
    ['hex', Buffer.from(secret).toString('hex')],
    ['HEX', Buffer.from(secret).toString('hex').toUpperCase()],
    ...[0, 1, 2].flatMap((shift): [string, string][] => {
      const bytes = Buffer.from(`${'u:'.slice(0, shift)}${secret}`);
      return [
        [`base64 behind ${shift}`, bytes.toString('base64')],
        [`base64url behind ${shift}`, bytes.toString('base64url')],
        [
          `base64 within a text, behind ${shift}`,
          Buffer.concat([bytes, Buffer.from('and more')]).toString('base64'),
        ],
      ];
    }),
  ];

  it.each(encoded)('%s is found', (_form, text) => {
    const redacted = withSecret().text(`before ${text} after`);
    expect(redacted).toContain('[redacted:github.API_KEY]');
    for (const form of secretForms(secret)) expect(redacted).not.toContain(form);
  });

  it('are those of each line and each JSON field too', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQE\n-----END KEY-----\n';
    const account = JSON.stringify({ type: 'service', nested: { private_key: key, id: 'account-id-1' } });
    expect(withSecret(key).text('x MIIEvQIBADANBg y')).toBe('x [redacted:github.API_KEY] y');
    expect(withSecret(account).text('account-id-1 kqhkiG9w0BAQE')).toBe(
      '[redacted:github.API_KEY] [redacted:github.API_KEY]',
    );
  });
});

describe('redacting', () => {
  it('takes the leftmost and of those the longest', () => {
    const redactor = new Redactor();
    redactor.register('a', 'abcdefgh');
    redactor.register('b', 'abcdefghij');
    redactor.register('c', 'ghijklmnop');
    expect(redactor.text('abcdefghijklmnop')).toBe('[redacted:b]klmnop');
    expect(redactor.text('xxghijklmnop')).toBe('xx[redacted:c]');
  });

  it('finds a secret before a combining character, which a matcher of graphemes would pass by', () => {
    expect(withSecret('abcdefgh').text('abcdefgh\u0301')).toBe('[redacted:github.API_KEY]\u0301');
  });

  it('reaches every string and key of a value, and leaves the rest', () => {
    const value = { [`k ${secret}`]: [1, null, { deep: `x${secret}` }], when: new Date(0), other: true };
    expect(withSecret().value(value)).toEqual({
      'k [redacted:github.API_KEY]': [1, null, { deep: 'x[redacted:github.API_KEY]' }],
      when: '1970-01-01T00:00:00.000Z',
      other: true,
    });
  });

  it('replaces a short secret beside the name of its field, and says that it is short', () => {
    const redactor = new Redactor();
    expect(redactor.register('door.PIN', '1234')).toBe(false);
    expect(redactor.register('door.TOKEN', '12345678')).toBe(true);
    expect(redactor.text('PIN=1234 and {"PIN": "1234"} and 1234 people')).toBe(
      '[redacted:door.PIN] and {[redacted:door.PIN]} and 1234 people',
    );
    expect(redactor.value({ PIN: '1234', year: '1234' })).toEqual({
      PIN: '[redacted:door.PIN]',
      year: '1234',
    });
  });

  it('leaves a text without secrets as it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => withSecret('Zz9-unlikely').text(text) === text),
    );
  });
});

describe('a stream', () => {
  it('finds 500 secrets in all their forms at every split point', () => {
    const redactor = new Redactor();
    const secrets = Array.from(
      { length: 500 },
      (_, index) => `key-${index}-${'äb/+"'.repeat(1 + (index % 3))}${index * 7919}`,
    );
    for (const [index, value] of secrets.entries()) redactor.register(`s.K${index}`, value);
    let leaks = 0;
    for (const value of secrets) {
      for (const form of secretForms(value)) {
        const text = `a ${form} z`;
        // Every split into two chunks, and character by character.
        const splits = Array.from({ length: text.length }, (_, at) => [text.slice(0, at), text.slice(at)]);
        for (const chunks of [...splits, [...text]]) {
          const stream = redactor.stream();
          const out = chunks.map((chunk) => stream.push(chunk)).join('') + stream.end();
          if (out.includes(form) || out !== redactor.text(text)) leaks++;
        }
      }
    }
    expect(leaks).toBe(0);
  });

  it('gives the same as the whole text, however it is cut', () => {
    const redactor = new Redactor();
    for (const value of ['abcabcabc', 'abcabcabcabd', 'cabcabca', 'bbbbbbbbbb'])
      redactor.register(value, value);
    const pieces = fc.array(fc.constantFrom('abc', 'abcabc', 'abd', 'c', 'bbbb', ' ', 'abcabcabcab'), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 5 }), (chunks, size) => {
        const text = chunks.join('');
        const stream = redactor.stream();
        let out = '';
        for (let at = 0; at < text.length; at += size) out += stream.push(text.slice(at, at + size));
        expect(out + stream.end()).toBe(redactor.text(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('holds back only what may be a secret', () => {
    const stream = withSecret('abcdefgh').stream();
    expect(stream.push('nothing here, abc')).toBe('nothing here, ');
    expect(stream.push('x and more')).toBe('abcx and more');
  });
});
