/** Secrets of every kind, and how other programs write them; made without the code under test. */
import fc from 'fast-check';
import type { Redactor } from '../../src/vault/redact.ts';

/** What a stream lets out of a text that comes in `chunks`. */
export function streamed(redactor: Redactor, chunks: readonly string[]): string {
  const stream = redactor.stream();
  return chunks.map((chunk) => stream.push(chunk)).join('') + stream.end();
}

const word = fc.string({
  unit: fc.constantFrom(...'abcdefghkmnprstxyzABCDEFGHKMNPRSTXYZ23456789'),
  minLength: 12,
  maxLength: 24,
});
const bytes = fc.uint8Array({ minLength: 12, maxLength: 24 }).map((array) => Buffer.from(array));
const password = fc.string({
  unit: fc.constantFrom(...'abXY12 äß€/+&<>"\'\\%!*~^`=☃𝄞'),
  minLength: 12,
  maxLength: 20,
});

/** Secrets as they are: tokens, passwords, PEM, JSON, header values, addresses. */
export const anySecret = fc
  .oneof(
    word.map((text) => `ghp_${text}`),
    bytes.map((buffer) => buffer.toString('base64')),
    password,
    password.map((text) => `  ${text}\n`),
    fc
      .tuple(bytes, bytes)
      .map(
        ([a, b]) =>
          `-----BEGIN KEY-----\n${a.toString('base64')}\n${b.toString('base64')}\n-----END KEY-----\n`,
      ),
    fc
      .record({ type: fc.constant('service'), client_id: word, private_key: password })
      .map((value) => JSON.stringify(value, null, 2)),
    word.map((text) => `Bearer ${text}`),
    word.map((text) => `postgresql://me:${text}@db.example/main`),
  )
  .filter((text) => text.trim().length >= 8);

export type Encoding = { form: string; text: string; core: string };

/**
 * A secret as other programs would write it, in the middle of something else. `core` is the part that depends on nothing but
 * the secret. Made without the code under test.
 */
export function encodings(value: string): Encoding[] {
  const utf8 = Buffer.from(value);
  const strict = [...utf8]
    .map((byte) =>
      /[A-Za-z0-9_.~-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`,
    )
    .join('');
  const simple: [string, string][] = [
    ['plain', value],
    ['trimmed', value.trim()],
    ['JSON', JSON.stringify(value).slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ v: value })).slice(10, -4)],
    ['URI', encodeURIComponent(value)],
    ['RFC 3986', strict],
    ['form', String(new URLSearchParams({ v: value })).slice(2)],
    ['hex', utf8.toString('hex')],
    ['HEX', utf8.toString('hex').toUpperCase()],
  ];
  const shifted = [0, 1, 2].flatMap((shift) =>
    (['base64', 'base64url'] as const).map((form): Encoding => {
      const within = (byte: number) =>
        Buffer.concat([Buffer.alloc(shift, byte), utf8, Buffer.alloc(4, byte)]).toString(form);
      const [zeros, ones] = [within(0), within(0xff)];
      const core = [...zeros].filter((character, at) => character === ones[at]).join('');
      return { form: `${form} behind ${shift}`, text: `a ${zeros} z`, core };
    }),
  );
  // Many forms of a simple secret are the same text.
  const distinct = new Map(simple.map(([form, text]) => [text, form]));
  return [...[...distinct].map(([text, form]) => ({ form, text: `a ${text} z`, core: text })), ...shifted];
}
