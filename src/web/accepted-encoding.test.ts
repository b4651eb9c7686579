import { expect, it } from 'vitest';
import { acceptedEncoding } from './accepted-encoding.ts';

it.each([
  [undefined, undefined],
  ['', undefined],
  ['identity', undefined],
  ['gzip', 'gzip'],
  ['br, gzip', 'br'],
  ['gzip;q=1.0, br;q=0.5', 'gzip'],
  ['br;q=0, gzip;q=0', undefined],
  ['br;q=0, *', 'gzip'],
  ['*;q=0', undefined],
  ['BR ; Q=0.3', 'br'],
  ['zebra, x-gzip', undefined],
  ['gzip;q=words', undefined],
])('of %j takes %s', (header, taken) => {
  expect(acceptedEncoding(header, ['br', 'gzip'])).toBe(taken);
});
