import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodings, streamed } from '../../tests/helpers/secret-encodings.ts';
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

describe('the part of a secret that counts', () => {
  it.each([
    ['Bearer abc-token-123', 'the token abc-token-123 is', 'the token [redacted:c.f] is'],
    [`Basic ${Buffer.from('me:a-password').toString('base64')}`, 'a-password', '[redacted:c.f]'],
    ['postgres://me:pass%2Fword@db/x', 'pass/word pass%2Fword', '[redacted:c.f] [redacted:c.f]'],
    [
      'https://hooks.example/services/T0123/aVeryLongPartOfIt?key=of-a-query-as-long',
      'No /services/T0123/aVeryLongPartOfIt, nor of-a-query-as-long',
      'No /services/T0123/[redacted:c.f], nor [redacted:c.f]',
    ],
    ['c2VjcmV0LXZhbHVlMQ==', 'k=c2VjcmV0LXZhbHVlMQ&', 'k=[redacted:c.f]&'],
    ['{"account": 4111111111111111}', 'card 4111111111111111', 'card [redacted:c.f]'],
    ['a&b<c>d+e', 'Go a\\u0026b\\u003cc\\u003ed+e', 'Go [redacted:c.f]'],
    ['a&b<c>d+e', '.NET a\\u0026b\\u003Cc\\u003Ed\\u002Be', '.NET [redacted:c.f]'],
  ])('of %s is found alone', (value, text, redacted) => {
    expect(withSecret(value, 'c.f').text(text)).toBe(redacted);
  });

  it('is no word of a sentence', () => {
    expect(withSecret('correct horse batteries').text('horse batteries')).toBe('horse batteries');
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

  it('replaces a number that is a secret, as a whole or not at all', () => {
    const redactor = withSecret('12345678', 'bank.ACCOUNT');
    redactor.register('door.PIN', '1234');
    expect(
      redactor.value({ account: 12345678, big: 12345678n, other: 91234567812, PIN: 1234, year: 1234 }),
    ).toEqual({
      account: '[redacted:bank.ACCOUNT]',
      big: '[redacted:bank.ACCOUNT]',
      other: 91234567812,
      PIN: '[redacted:door.PIN]',
      year: 1234,
    });
    expect(redactor.text('{"PIN":1234}')).toBe('{[redacted:door.PIN]}');
  });

  it('keeps the values of two keys that become one', () => {
    const value = { [secret]: 1, [Buffer.from(secret).toString('hex')]: 2 };
    expect(withSecret().value(value)).toEqual({
      '[redacted:github.API_KEY]': 1,
      '[redacted:github.API_KEY] (2)': 2,
    });
  });

  it('leaves JSON lines JSON, whatever a match tears', () => {
    const number = withSecret('12345678', 'a.b');
    expect(number.line('{"n":12345678,"m":912345678}')).toBe('{"n":"[redacted:a.b]","m":912345678}');
    expect(number.line('n=12345678')).toBe('n=[redacted:a.b]');
    // The n of the escape and the letters behind it read like the secret.
    expect(JSON.parse(withSecret('nabcdefgh').line(JSON.stringify({ t: '\nabcdefgh' })))).toEqual({
      t: '\nabcdefgh',
    });
    const account = { id: 'account-id-1', key: 'account-key-1' };
    expect(JSON.parse(withSecret(JSON.stringify(account), 'a.b').line(JSON.stringify({ account })))).toEqual({
      account: { id: '[redacted:a.b]', key: '[redacted:a.b]' },
    });
  });

  it('gets to the bottom of hostile nesting', () => {
    let value: unknown = secret;
    for (let depth = 0; depth < 100_000; depth++) value = [value];
    expect(JSON.stringify(withSecret().value(value))).toContain('nested more than');
  });

  it('leaves no secret anywhere in a value, and its lines parse', () => {
    const redactor = withSecret();
    const holding = fc.constantFrom(...encodings(secret).map(({ text }) => text));
    const tree = fc.letrec((tie) => ({
      leaf: fc.oneof(holding, fc.string(), fc.integer(), fc.constant(null)),
      node: fc.oneof(
        { depthSize: 'small' },
        tie('leaf'),
        fc.array(tie('node')),
        fc.dictionary(fc.oneof(holding, fc.string()), tie('node')),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        for (const line of [JSON.stringify(redactor.value(value)), redactor.line(JSON.stringify(value))]) {
          JSON.parse(line);
          for (const { core } of encodings(secret)) expect(line).not.toContain(core.trim());
        }
      }),
    );
  });

  it('leaves a text without secrets as it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => withSecret('Zz9-unlikely').text(text) === text),
    );
  });
});

describe('a form that is broken up', () => {
  const parts = (text: string, size: number): string[] =>
    Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
  const lineBreaks = ['\n', '\r\n', '\r\n\r\n', '\n    ', ' \n\t', '\\n', '\\r\\n', '\\\\n', '\\\n'];
  const within = (form: 'base64' | 'base64url') =>
    Buffer.from(`user: me, key: ${secret}, and more of it`).toString(form);
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  /** As programs write them: `base64`, `openssl base64`, PEM, `xxd`, `od`, fingerprints. */
  const broken = [
    ...(['base64', 'base64url'] as const).flatMap((form) =>
      lineBreaks.flatMap((lineBreak) => [1, 7, 64].map((size) => parts(within(form), size).join(lineBreak))),
    ),
    ...[...lineBreaks, ' ', ':', ' : ', '\t'].flatMap((between) =>
      [1, 2, 32].map((size) => parts(hex, size).join(between)),
    ),
    pairs.join(':').toUpperCase(),
    parts(pairs.join(' '), 16 * 3).join('\n  '),
  ];
  /** The secret as whoever reads `text` would get it back. */
  const readBack = (text: string): string => {
    const joined = text.replaceAll(/\[redacted:[^\]]*\]/g, '!').replaceAll(/\\+[nrt]|[\s:\\]+/g, '');
    return [joined, ...joined.split('!')]
      .flatMap((part) => [part, part.slice(1), part.slice(2), part.slice(3)])
      .flatMap((part) => [Buffer.from(part, 'base64'), Buffer.from(part.toLowerCase(), 'hex')])
      .map(String)
      .join(' ');
  };

  it.each(broken)('is found: %j', (text) => {
    const redactor = withSecret();
    expect(readBack(`${text}`)).toContain(secret.slice(0, 8));
    const sentence = `It says: ${text} = and more.`;
    const redacted = redactor.text(sentence);
    expect(redacted).toContain('[redacted:github.API_KEY]');
    expect(redacted.startsWith('It says: ')).toBe(true);
    expect(redacted.endsWith(' = and more.')).toBe(true);
    expect(readBack(redacted.slice(9, -12))).not.toContain(secret.slice(0, 8));
    expect(redactor.value({ a: [sentence] })).toEqual({ a: [redacted] });
    expect(JSON.parse(redactor.line(JSON.stringify({ a: sentence }))).a).toContain(
      '[redacted:github.API_KEY]',
    );
    for (let at = 0; at <= sentence.length; at++)
      expect(streamed(redactor, [sentence.slice(0, at), sentence.slice(at)])).toBe(redacted);
    expect(streamed(redactor, [...sentence])).toBe(redacted);
  });

  it('is found of a secret that is base64 itself, however its lines are broken', () => {
    const body = Buffer.from('a private key of some length, as openssl writes it').toString('base64');
    const pem = `-----BEGIN KEY-----\n${parts(body, 64).join('\n')}\n-----END KEY-----\n`;
    const token = 'ghp_0123456789abcdefABCDEF';
    const redactor = withSecret(pem, 'a.PEM');
    redactor.register('a.TOKEN', token);
    expect(redactor.text(`x ${parts(body, 20).join('\n')} y`)).toMatch(/^x \[redacted:a\.PEM\]=* y$/);
    expect(redactor.text(parts(token, 10).join('\r\n'))).toBe('[redacted:a.TOKEN]');
  });

  it('is no sentence, and nothing that a long gap is in', () => {
    const redactor = withSecret('a-few-words-of-a-line');
    for (const text of ['a-few-words of-a-line', `a-few-words${'\n'.repeat(33)}-of-a-line`])
      expect(redactor.text(text)).toBe(text);
    expect(withSecret('feedbeef').text('feed beef\nfeed\nbeef')).toBe('feed beef\nfeed\nbeef');
  });

  it('is held back by a stream no longer than it may be one', () => {
    const stream = withSecret().stream();
    const [head = '', tail = ''] = parts(hex, 20);
    expect(stream.push(`a. ${head} `)).toBe('a. ');
    expect(stream.push(' '.repeat(40))).toBe(`${head}${' '.repeat(41)}`);
    expect(stream.push(`${head}\n`)).toBe('');
    expect(stream.push(`${tail}${hex.slice(40)}.`)).toBe('[redacted:github.API_KEY].');
  });
});

describe('a stream', () => {
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
        const cut = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
          text.slice(at * size, (at + 1) * size),
        );
        expect(streamed(redactor, cut)).toBe(redactor.text(text));
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
