import { expect, test } from 'vitest';
import { parseStat } from './proc.ts';
import { identityOf, isProcessThere, lookAt, understand } from './process-identity.ts';

/** As Linux 6.18 writes it; `flags` is field 9, `threads` field 20, the start field 22. */
const stat = (given: { letter?: string; flags?: number; threads?: number }) =>
  `77 (a b) R) S) ${given.letter ?? 'S'} 1 77 77 0 -1 ${given.flags ?? 4194304} 22 0 0 0 1 2 0 0 20 0 ${given.threads ?? 11} 0 86497 1234 55`;
const status = (own = '0000000000000000', shared = '0000000000000000') =>
  `Name:\ta b) R) S\nState:\tS (sleeping)\nSigQ:\t1/127\nSigPnd:\t${own}\nShdPnd:\t${shared}\nSigBlk:\t0000000000000100\n`;

test.each([
  ['that sleeps', stat({}), status(), 'running'],
  ['that waits for a disk', stat({ letter: 'D' }), status(), 'running'],
  ['that Ctrl-Z stopped', stat({ letter: 'T' }), status(), 'stopped'],
  [
    'that has signals to come, none of which ends it',
    stat({}),
    status('0000000000000200', '0000000000004000'),
    'running',
  ],
  ['that SIGKILL waits for', stat({}), status('0000000000000100'), 'ending'],
  [
    'that SIGKILL waits for, as a whole',
    stat({ letter: 'D' }),
    status(undefined, '0000000000004100'),
    'ending',
  ],
  ['that is stopped, and SIGKILL waits for', stat({ letter: 'T' }), status('0000000000000100'), 'ending'],
  ['that is being taken down', stat({ letter: 'R', flags: 4194304 + 4 }), status(), 'ending'],
  ['whose first thread has ended before the others', stat({ letter: 'Z', threads: 3 }), status(), 'ending'],
  ['that waits to be buried', stat({ letter: 'Z', flags: 4194304 + 4, threads: 1 }), status(), 'buried'],
  ['that is being buried', stat({ letter: 'X', threads: 0 }), status(), 'buried'],
])('of a process %s', (_what, about, more, state) => {
  expect(understand(parseStat(about), more)).toEqual({ state, startedAt: '86497' });
});

test.runIf(process.platform === 'linux')('this process runs, and no process is another', () => {
  expect(lookAt(process.pid)?.state).toBe('running');
  expect(isProcessThere(identityOf(process.pid))).toBe(true);
  expect(isProcessThere(`${process.pid}:1`)).toBe(false);
});
