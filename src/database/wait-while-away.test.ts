import { expect, it } from 'vitest';
import { waitWhileAway } from './wait-while-away.ts';

const away = Object.assign(new Error('terminating connection due to unexpected postmaster exit'), {
  code: '57P02',
});
const { signal } = new AbortController();

it('asks again while the database is away', async () => {
  let asked = 0;
  const ask = async () => {
    asked++;
    if (asked < 3) throw away;
    return 'here';
  };
  expect(await waitWhileAway(ask, { signal })).toBe('here');
  expect(asked).toBe(3);
});

it('asks no more when nobody waits, when it took too long, or when the database has said no', async () => {
  const no = new Error('no such row');
  await expect(waitWhileAway(() => Promise.reject(no), { signal })).rejects.toBe(no);
  await expect(waitWhileAway(() => Promise.reject(away), { signal, patienceMs: -1 })).rejects.toBe(away);
  const left = AbortSignal.abort();
  await expect(waitWhileAway(() => Promise.reject(away), { signal: left })).rejects.toBe(away);
});
