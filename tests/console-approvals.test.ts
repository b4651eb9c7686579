/** What a person reads of a call that waits: whole, and never the same of two calls that differ. Pure functions, without a browser. */
import { expect, it } from 'vitest';
import { type Row, rowsOf, type Said, wordsOf } from '../console/executions/said-arguments.ts';

const plain = (said: Said | undefined): unknown =>
  said === undefined || said.kind === 'text'
    ? said?.text
    : said.kind === 'rows'
      ? Object.fromEntries(said.rows.map(({ label, value }) => [label, plain(value)]))
      : said.items.map(plain);
const read = (args: unknown): unknown => {
  const rows: Row[] | undefined = rowsOf(args);
  return rows && plain({ kind: 'rows', rows });
};

it.each([
  ['send_mail', 'send mail'],
  ['sendMailNow', 'send mail now'],
  ['list-directory', 'list directory'],
  ['API_get', 'API get'],
  ['ÜBER\u202e', String.raw`ÜBER\u202e`],
])('reads the name %s as %s', (name, words) => {
  expect(wordsOf(name)).toBe(words);
});

it('says each argument by its name, nested ones within', () => {
  expect(
    read({ to: 'mara@example.org', amount_eur: 12.5, isUrgent: true, bcc: null, items: [{ sku: 'a' }, 'b'] }),
  ).toEqual({
    ...{ To: 'mara@example.org', 'Amount EUR': '12.5', 'Is urgent': 'yes', BCC: 'nothing' },
    Items: [{ SKU: 'a' }, 'b'],
  });
});

it.each([
  [5, '5'],
  [true, 'yes'],
  [true, 'true'],
  [null, 'nothing'],
  [null, ''],
  ['a', 'a '],
  ['[]', []],
  ['{}', {}],
  ['a', '"a"'],
  ['pay 100', 'pay 10\u200b0'],
  ['a\\u200b', 'a\u200b'],
  ['5', ['5']],
])('reads %j and %j as two things', (one, other) => {
  expect(read({ value: one })).not.toEqual(read({ value: other }));
});

it('keeps two names apart that would read alike, and shows what cannot be seen of them', () => {
  expect(read({ pay_to: 'a', payTo: 'b' })).toEqual({ '"pay_to"': 'a', '"payTo"': 'b' });
  expect(read({ ' ': 'a', 'to\u200b': 'b' })).toEqual({ '" "': 'a', 'To\\u200b': 'b' });
  expect(read({ '"pay_to"': 'a', pay_to: 'b', payTo: 'c' })).toEqual({
    '"\\"pay_to\\""': 'a',
    '"pay_to"': 'b',
    '"payTo"': 'c',
  });
});

it.each([[null], ['text'], [[1]], [{}], [Object.fromEntries(Array.from({ length: 300 }, (_, n) => [n, n]))]])(
  'leaves %j to be shown as it is sent',
  (args) => {
    expect(rowsOf(args)).toBeUndefined();
  },
);

it('leaves what is nested too deep to be shown as it is sent', () => {
  expect(rowsOf({ a: { b: { c: { d: { e: { f: 1 } } } } } })).toBeUndefined();
});
