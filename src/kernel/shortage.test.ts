import { expect, it } from 'vitest';
import { AlfredError } from './errors.ts';
import { shortageOf } from './shortage.ts';

const system = (code: string, syscall = 'open') => Object.assign(new Error(code), { code, syscall });

it.each([
  ['a file that could not be opened', system('EMFILE'), /ulimit -n/],
  ['a program that could not be started', system('EAGAIN', 'spawn /bin/sh'), /no more processes/],
  [
    'what is told by another error',
    new AlfredError('E_AGENT_FAILED', 'No.', { cause: system('ENFILE') }),
    /files/,
  ],
  ['one of several', new AggregateError([new Error('no'), system('ENOMEM')]), /memory/],
])('knows %s', (_what, error, why) => {
  expect(shortageOf(error)).toMatch(why);
});

it.each([
  ['a socket that has nothing to read yet', system('EAGAIN', 'read')],
  ['a file that is not there', system('ENOENT')],
  ['what is no error', 'EMFILE'],
])('takes %s for none', (_what, error) => {
  expect(shortageOf(error)).toBeUndefined();
});
