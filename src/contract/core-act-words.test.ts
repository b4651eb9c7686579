import { expect, it } from 'vitest';
import { actWords } from './core-act-words.ts';

const [vm, ada, bob, token] = ['1', '2', '3', '4'].map(
  (digit) => `01a22943-0000-7000-8000-00000000000${digit}`,
) as [string, string, string, string];
const names = { [vm]: 'Bern', [ada]: 'ada@example.net', [bob]: 'bob@example.net', [token]: 'admin-token' };

it.each([
  [
    { actor: `token:${token}`, action: 'vm.changed', subject: vm, data: { ownerId: bob } },
    { who: 'admin-token', did: 'changed a VM', what: 'Bern', how: 'customer bob@example.net' },
  ],
  [
    { actor: `user:${ada}`, action: 'vm.changed', subject: vm, data: { ownerId: null, suspended: true } },
    { who: 'ada@example.net', did: 'changed a VM', what: 'Bern', how: 'customer nobody, suspended true' },
  ],
  [
    { actor: `vm:${vm}`, action: 'vm.enrolled', subject: vm, data: {} },
    { who: 'VM Bern', did: 'enrolled', what: '', how: '' },
  ],
  [
    { actor: 'file', action: 'month.closed', subject: '2026-10', data: {} },
    { who: 'admin-token', did: 'closed a month', what: '2026-10', how: '' },
  ],
  [
    { actor: 'core', action: 'of a later time', subject: vm.replace(/1$/, '9'), data: {} },
    { who: 'core', did: 'of a later time', what: '00000009', how: '' },
  ],
])('says who did what: %j', (act, words) => {
  expect(actWords(act, names)).toEqual(words);
});
