import { expect, it } from 'vitest';
import { newPrivateKey, signerOf } from '../keys/signer.ts';
import { isProved, keepProved } from './proved-bearers.ts';

it('knows a bearer again for its own VM and Core, until it ends or its key is none of Core’s any more', async () => {
  const signer = await signerOf({ privateKey: newPrivateKey(), retired: [], succession: [] });
  const seen = { vmId: 'vm', issuer: 'https://core', kid: signer.kid, expiresAt: Date.now() + 60_000 };
  keepProved(signer, 'good', seen);
  keepProved(signer, 'over', { ...seen, expiresAt: Date.now() - 1 });
  keepProved(signer, 'of another key', { ...seen, kid: 'gone' });
  const knows = (token: string, vmId = 'vm', issuer = 'https://core') =>
    isProved(signer, token, vmId, issuer);
  expect(knows('good')).toBe(true);
  expect(knows('good', 'another')).toBe(false);
  expect(knows('good', 'vm', 'https://another')).toBe(false);
  expect(knows('over')).toBe(false);
  expect(knows('of another key')).toBe(false);
  expect(knows('never seen')).toBe(false);
  const other = await signerOf({ privateKey: newPrivateKey(), retired: [], succession: [] });
  expect(isProved(other, 'good', 'vm', 'https://core')).toBe(false);
  // The oldest goes first.
  for (let each = 0; each < 20_000; each++) keepProved(signer, `of ${each}`, seen);
  expect(knows('good')).toBe(false);
  expect(knows('of 19999')).toBe(true);
});
