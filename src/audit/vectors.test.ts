/** The chain as docs/security.md lays it out, so that another implementation could verify it. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { chainOf, genesisOf, leafOf, payloadHashOf } from './chain.ts';
import { hashOfStatement, isSignedBy, signedSchema, signStatement } from './statement.ts';

const text = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
const [, block = ''] = /```json audit-vectors\n(.*?)\n```/s.exec(text) ?? [];
const event = z.object({
  seq: z.int(),
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
const vectors = z
  .object({
    vaultId: z.string(),
    genesis: z.string(),
    events: z.array(z.object({ event, payloadHash: z.string(), leaf: z.string(), chain: z.string() })).min(3),
    checkpoint: z.object({ ...signedSchema.shape, seed: z.string(), hash: z.string() }),
  })
  .parse(JSON.parse(block));

it('has these links', () => {
  let { chain } = genesisOf(vectors.vaultId);
  expect(chain.toString('hex')).toBe(vectors.genesis);
  for (const vector of vectors.events) {
    const payloadHash = payloadHashOf(vector.event.data);
    expect(payloadHash.toString('hex')).toBe(vector.payloadHash);
    const leaf = leafOf({ ...vector.event, at: new Date(vector.event.at) }, payloadHash);
    expect(leaf.toString('hex')).toBe(vector.leaf);
    chain = chainOf(chain, leaf);
    expect(chain.toString('hex')).toBe(vector.chain);
  }
  expect(vectors.checkpoint.statement.head).toBe(chain.toString('hex'));
});

it('is signed so', () => {
  const { seed, hash, statement, signature, publicKey } = vectors.checkpoint;
  // RFC 8410: the seed within PKCS #8.
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(seed, 'hex'),
  ]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  expect(spki).toBe(publicKey);
  const { type: _, ...fields } = statement;
  const signed = signStatement({ publicKey, sign: (bytes) => sign(null, bytes, privateKey) }, fields);
  expect(signed).toEqual({ statement, signature, publicKey });
  expect(hashOfStatement(statement)).toBe(hash);
  expect(isSignedBy(publicKey, signed)).toBe(true);
  const other = { ...signed, statement: { ...statement, seq: statement.seq + 1 } };
  expect(isSignedBy(publicKey, other)).toBe(false);
});
